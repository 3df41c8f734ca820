import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hostEntries } from './host-entries.js';

let root: string;
let base: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'host-entries-'));
  base = join(root, 'crate');
  for (const folder of ['crate/conf/deep', 'crate/empty', 'outside']) mkdirSync(join(root, folder), { recursive: true });
  for (const file of ['crate/a.bin', 'crate/conf/x.toml', 'crate/conf/.hidden', 'crate/conf/deep/y.toml', 'crate/conf/deep/z.txt', 'outside/secret']) writeFileSync(join(root, file), file);
  symlinkSync('x.toml', join(base, 'conf/link'));
  symlinkSync('../outside/secret', join(base, 'escape'));
});
afterEach(() => {
  rmSync(root, { recursive: true });
});

const read = (manifest: Parameters<typeof hostEntries>[0], boundary = base) => {
  const { entries, problems } = hostEntries(manifest, { baseFolder: base, boundary });
  return { entries: entries.map(({ kind, guestPath, target }) => [kind, guestPath, target].filter((part) => part !== undefined).join(' ')), problems };
};

describe('hostEntries', () => {
  it('has a file under its path', () => {
    expect(read({ Files: ['a.bin', './conf/../conf/x.toml'] })).toEqual({ entries: ['file /a.bin', 'file /conf/x.toml'], problems: [] });
  });

  it('has a folder with all that is in it, links as links, names sorted', () => {
    expect(read({ Dirs: ['conf', 'empty'] }).entries).toEqual([
      'directory /conf', 'file /conf/.hidden', 'directory /conf/deep', 'file /conf/deep/y.toml', 'file /conf/deep/z.txt',
      'link /conf/link x.toml', 'file /conf/x.toml', 'directory /empty',
    ]);
  });

  it('matches the pattern of a map at every depth, as ops does', () => {
    expect(read({ MapDirs: { 'conf/*.toml': '/etc/prover' } }).entries).toEqual(['file /etc/prover/deep/y.toml', 'file /etc/prover/x.toml']);
  });

  it('matches hidden files too', () => {
    expect(read({ MapDirs: { 'conf/*': '/etc' } }).entries).toContain('file /etc/.hidden');
  });

  it('may map from a folder beside, inside the Nx workspace', () => {
    expect(read({ MapDirs: { '../outside/*': '/params' } }, root)).toEqual({ entries: ['file /params/secret'], problems: [] });
  });

  it.each([
    { reason: 'a missing file', manifest: { Files: ['none'] }, code: 'missing-path', keys: ['Files', 0] },
    { reason: 'a file below a file', manifest: { Files: ['a.bin/x'] }, code: 'missing-path', keys: ['Files', 0] },
    { reason: 'a folder among Files', manifest: { Files: ['conf'] }, code: 'not-a-file', keys: ['Files', 0] },
    { reason: 'a file among Dirs', manifest: { Dirs: ['a.bin'] }, code: 'not-a-folder', keys: ['Dirs', 0] },
    { reason: 'an absolute path', manifest: { Files: ['/etc/passwd'] }, code: 'absolute-path', keys: ['Files', 0] },
    { reason: 'a path that escapes', manifest: { Files: ['a.bin', '../outside/secret'] }, code: 'outside-base', keys: ['Files', 1] },
    { reason: 'a link that escapes', manifest: { Files: ['escape'] }, code: 'link-outside', keys: ['Files', 0] },
    { reason: 'a map from outside', manifest: { MapDirs: { '../outside/*': '/x' } }, code: 'outside-workspace', keys: ['MapDirs', '../outside/*'] },
    { reason: 'a map of a folder itself', manifest: { MapDirs: { conf: '/x' } }, code: 'empty-map', keys: ['MapDirs', 'conf'] },
  ])('tells of $reason', ({ manifest, code, keys }) => {
    expect(read(manifest).problems).toEqual([expect.objectContaining({ code, keys })]);
  });

  it('tells of a pipe among files, by its path in the Nx workspace', () => {
    execFileSync('mkfifo', [join(base, 'conf/pipe')]);
    expect(read({ Dirs: ['conf'], Files: ['conf/pipe'] }, root).problems).toEqual([
      { code: 'special-file', path: 'crate/conf/pipe', keys: ['Files', 0] },
      { code: 'special-file', path: 'crate/conf/pipe', keys: ['Dirs', 0] },
    ]);
  });
});
