import { parseManifest, placeInManifest } from '@package-vm/manifest';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { hostFindings } from './host-findings.js';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'host-findings-'));
  mkdirSync(join(root, 'crate'));
});
afterEach(() => {
  rmSync(root, { recursive: true });
});

/** Writes files below the workspace; a folder ends with a slash, a link begins with `->`. */
function write(files: Readonly<Record<string, string>>): void {
  for (const [path, content] of Object.entries(files)) {
    const file = join(root, path);
    mkdirSync(path.endsWith('/') ? file : dirname(file), { recursive: true });
    if (content.startsWith('->')) symlinkSync(content.slice(2), file);
    else if (!path.endsWith('/')) writeFileSync(file, content);
  }
}

function check(manifest: object, { base = 'crate' } = {}): ReturnType<typeof hostFindings> {
  const parsed = parseManifest(JSON.stringify(manifest), { file: 'crate/vm.json' }).manifest ?? {};
  return hostFindings({
    manifest: parsed,
    placeOf: (keys, part) => placeInManifest(parsed, 'crate/vm.json', keys, part),
    program: 'my_prover',
    baseFolder: join(root, base),
    crateFolder: join(root, 'crate'),
    workspaceRoot: root,
  });
}

const LFS = 'version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n';
const KEY = '-----BEGIN OPENSSH PRIVATE KEY-----\nb3Bl\n';

describe('hostFindings', () => {
  it.each([
    { reason: 'nothing', manifest: {}, files: {}, found: [] },
    { reason: 'good files', manifest: { Files: ['a'], Dirs: ['d'], MapDirs: { 'd/*': '/e' } }, files: { 'crate/a': 'x', 'crate/d/b': 'y' }, found: [] },
    { reason: 'a file that is nowhere', manifest: { Files: ['a'] }, files: {}, found: ['missing-path `a` does not exist in `crate`'] },
    { reason: 'a file of the folder above', manifest: { Files: ['p/a'] }, files: { 'p/a': 'x' }, found: ['missing-path `p/a` does not exist in `crate`, but at the root of the Nx workspace'] },
    { reason: 'a folder of the folder above', manifest: { Dirs: ['p'] }, files: { 'p/a': 'x' }, found: ['missing-path `p` does not exist in `crate`, but at the root of the Nx workspace'] },
    { reason: 'a file by an absolute path, as ops takes it', manifest: { Files: ['/p/a'] }, files: { 'crate/p/a': 'x' }, found: ['absolute-path `/p/a` is an absolute path of this machine'] },
    { reason: 'a map of a folder of another machine', manifest: { MapDirs: { '/home/nobody/params/*': '/p' } }, files: {}, found: ['absolute-path `/home/nobody/params/*` is an absolute path of this machine'] },
    { reason: 'a folder among the files', manifest: { Files: ['d'] }, files: { 'crate/d/a': 'x' }, found: ['not-a-file `d` is a folder, but a file is expected'] },
    { reason: 'a file beside the crate', manifest: { Files: ['../p/a'] }, files: { 'p/a': 'x' }, found: ['outside-base `../p/a` leads out of `crate`, where paths start'] },
    { reason: 'files beside the Nx workspace', manifest: { MapDirs: { '../../*': '/p' } }, files: {}, found: ['outside-workspace `../../*` leads out of the Nx workspace'] },
    { reason: 'a pointer of Git LFS', manifest: { Files: ['a'] }, files: { 'crate/a': LFS }, found: ['git-lfs-pointer `crate/a` is what Git LFS keeps in place of a file that it has not fetched'] },
    { reason: 'a pointer that a folder has', manifest: { MapDirs: { 'd/*.bin': '/p' } }, files: { 'crate/d/a.bin': LFS }, found: ['git-lfs-pointer `crate/d/a.bin`'] },
    { reason: 'a text about Git LFS', manifest: { Files: ['a'] }, files: { 'crate/a': LFS + 'x'.repeat(1024) }, found: [] },
    { reason: 'variables', manifest: { Dirs: ['d'] }, files: { 'crate/d/.env': 'A=b', 'crate/d/.env.example': 'A=' }, found: ['secret-file `crate/d/.env`'] },
    { reason: 'variables of production', manifest: { Files: ['.env.production'] }, files: { 'crate/.env.production': 'A=b' }, found: ['secret-file `crate/.env.production`'] },
    { reason: 'a private key by its name', manifest: { Dirs: ['d'] }, files: { 'crate/d/id_ed25519': 'x', 'crate/d/id_ed25519.pub': 'x' }, found: ['secret-file `crate/d/id_ed25519`'] },
    { reason: 'a private key by its text', manifest: { Files: ['key.txt'] }, files: { 'crate/key.txt': KEY }, found: ['secret-file `crate/key.txt`'] },
    { reason: 'a certificate', manifest: { Files: ['ca.pem'] }, files: { 'crate/ca.pem': '-----BEGIN CERTIFICATE-----\n' }, found: [] },
    { reason: 'a repository', manifest: { Dirs: ['d'] }, files: { 'crate/d/.git/config': 'x', 'crate/d/.git/hooks/.env': 'x' }, found: ['tool-folder `crate/d/.git`'] },
    { reason: 'modules of Node', manifest: { Dirs: ['d'] }, files: { 'crate/d/node_modules/a/node_modules/b': 'x' }, found: ['tool-folder `crate/d/node_modules`'] },
    { reason: 'what cargo builds', manifest: { Dirs: ['.'] }, files: { 'crate/target/CACHEDIR.TAG': 'x', 'crate/target/release/x': 'x' }, found: ['tool-folder `crate/target`'] },
    { reason: 'what cargo builds, copied without its mark', manifest: { Dirs: ['target'] }, files: { 'crate/target/release/deps/x': 'x', 'crate/target/release/.fingerprint/x': 'x' }, found: ['tool-folder `crate/target`'] },
    { reason: 'only the release folder of cargo', manifest: { Dirs: ['target/release'] }, files: { 'crate/target/release/deps/x': 'x', 'crate/target/release/.fingerprint/x': 'x' }, found: ['tool-folder `crate/target/release`'] },
    { reason: 'an image larger than any', manifest: { BaseVolumeSz: '3000g' }, files: {}, found: ['volume-too-large `BaseVolumeSz` is `3000g`, but an image has at most 2199023255040 bytes'] },
    { reason: 'another folder of that name', manifest: { Dirs: ['target'] }, files: { 'crate/target/a': 'x' }, found: [] },
    { reason: 'two files of one path', manifest: { Files: ['a'], MapDirs: { 'd/*': '/' } }, files: { 'crate/a': 'x', 'crate/d/a': 'y' }, found: ['path-taken `crate/d/a` and `crate/a` would both be `/a` in the image'] },
    { reason: 'the same file twice', manifest: { Files: ['a', 'a'], MapDirs: { 'd/*': '/' } }, files: { 'crate/a': 'x', 'crate/d/a': 'x' }, found: [] },
    { reason: 'a file in the place of the program', manifest: { Files: ['my_prover'] }, files: { 'crate/my_prover': 'x' }, found: ['path-taken `crate/my_prover` and `program my_prover`'] },
    { reason: 'a file in the place of a system file', manifest: { Files: ['etc/passwd'] }, files: { 'crate/etc/passwd': 'x' }, found: ['replaces-system-file `crate/etc/passwd` takes the place of `/etc/passwd`'] },
    { reason: 'a file where the kernel puts its own', manifest: { Files: ['dev/null'] }, files: { 'crate/dev/null': '' }, found: ['kernel-path `/dev/null` stands where the kernel puts `/dev/null`'] },
    { reason: 'a file where something is mounted', manifest: { Files: ['workspace'], Mounts: { '%0': '/workspace' } }, files: { 'crate/workspace': '' }, found: ['mount-not-a-folder'] },
    { reason: 'a file below a mount', manifest: { Dirs: ['workspace'], Mounts: { '%0': '/workspace' } }, files: { 'crate/workspace/a': '' }, found: ['hidden-by-mount `/workspace/a` is in the image, but not to be seen once `/workspace` is mounted'] },
    { reason: 'a link to outside', manifest: { Dirs: ['d'] }, files: { 'crate/d/l': '->/usr/share/dict/words' }, found: ['broken-link The link `/d/l` leads to `/usr/share/dict/words`, which is not in the image'] },
    { reason: 'a link out of the folder', manifest: { Dirs: ['d'] }, files: { 'crate/d/l': '->../../secret', secret: 'x' }, found: ['broken-link The link `/d/l`'] },
    { reason: 'a link to a library, which the program may bring', manifest: { Dirs: ['d'] }, files: { 'crate/d/l': '->/lib/libx.so.1' }, found: [] },
    { reason: 'a file that is a link to outside', manifest: { Files: ['l'] }, files: { 'crate/l': '->/etc/hostname' }, found: ['link-outside `l` is a link that leads out of the Nx workspace'] },
    { reason: 'a working folder that is not there', manifest: { ManifestPassthrough: { cwd: '/data' } }, files: {}, found: ['working-folder-missing The working folder `/data`'] },
    { reason: 'a working folder', manifest: { ManifestPassthrough: { cwd: '/d' }, Dirs: ['d'] }, files: { 'crate/d/a': 'x' }, found: [] },
  ])('finds $found with $reason', ({ manifest, files, found }) => {
    write(files);
    const findings = check(manifest).map(({ code, message }) => `${code} ${message}`);
    expect(findings.map((text, index) => text.slice(0, found[index]?.length))).toEqual(found);
  });

  it('says where the manifest asks for it', () => {
    write({ 'crate/d/.env': 'A=b' });
    expect(check({ Files: ['none'], Dirs: ['d'] })).toMatchObject([
      { code: 'missing-path', place: { file: 'crate/vm.json', keys: ['Files', 0], line: 1, column: 11 } },
      { code: 'secret-file', severity: 'error', place: { keys: ['Dirs', 0] } },
    ]);
    write({ 'crate/workspace': '' });
    expect(check({ MapDirs: { 'none/*': '/p' }, Mounts: { '%0': '/workspace' }, Files: ['workspace'] })).toMatchObject([
      // the key says what is packed, and the value where
      { code: 'missing-path', place: { line: 1, column: 13, endColumn: 21 } },
      { code: 'mount-not-a-folder', place: { keys: ['Mounts', '%0'], line: 1, column: 43 } },
    ]);
  });

  it.each([
    { reason: 'another case', manifest: { Files: ['Params/SRS.bin'] }, hint: 'Did you mean `params/srs.bin`?' },
    { reason: 'a slip', manifest: { Dirs: ['parms'] }, hint: 'Did you mean `params`?' },
    { reason: 'a slip in a folder that is mapped', manifest: { MapDirs: { 'parms/*.bin': '/p' } }, hint: 'Did you mean `params/*.bin`?' },
    { reason: 'the slashes of Windows', manifest: { Files: ['params\\srs.bin'] }, hint: 'Did you mean `params/srs.bin`?' },
    { reason: 'another number, which is another file', manifest: { Files: ['params/k19.bin'] }, hint: expect.stringContaining('Correct the path') as string },
    { reason: 'a pattern', manifest: { Files: ['params/*.bin'] }, hint: 'Only `MapDirs` takes patterns: write `"MapDirs": { "params/*.bin": "/params" }`.' },
    { reason: 'a pattern for folders', manifest: { Dirs: ['*/in'] }, hint: 'Only `MapDirs` takes patterns, in the last part of a path.' },
    { reason: 'a pattern for folders in a map', manifest: { MapDirs: { '**/*.bin': '/p' } }, hint: 'Only the last part of a path is a pattern, for names at any depth: write the folder before it.' },
    { reason: 'the home folder', manifest: { Files: ['~/params/srs.bin'] }, hint: 'Nothing replaces `~` and variables: write a path that starts at the manifest.' },
    { reason: 'a variable', manifest: { Dirs: ['${PARAMS}/in'] }, hint: 'Nothing replaces `~` and variables: write a path that starts at the manifest.' },
  ])('says what was meant by a path that leads nowhere: $reason', ({ manifest, hint }) => {
    write({ 'crate/params/srs.bin': 'x', 'crate/params/k18.bin': 'x' });
    expect(check(manifest)).toMatchObject([{ code: 'missing-path', hint }]);
  });

  it('says how a file of the crate is named from another base', () => {
    write({ 'crate/params/srs.bin': 'x', 'crate/a.bin': 'x' });
    expect(check({ Files: ['params/srs.bin'], MapDirs: { 'params/*': '/p' } }, { base: '.' }).map(({ hint }) => hint)).toEqual(['Did you mean `crate/params/srs.bin`?', 'Did you mean `crate/params/*`?']);
  });

  it('says where to set what', () => {
    write({ 'params/a': 'x', 'crate/p/a': 'x', 'crate/d/a': 'x' });
    expect(check({ Dirs: ['/'] })).toMatchObject([{ code: 'absolute-path', hint: 'Name files relative to the manifest; shared libraries of the program are found without being named.' }]);
    expect(check({ Files: ['params/a', '/p/a', '../params/a'], MapDirs: { d: '/d' } }).map(({ hint }) => hint)).toEqual([
      'Set `base = ".."` in `[package.metadata.package-vm]`, so that paths start there.',
      'Write `p/a`, which is in `crate`.',
      'Map it with `MapDirs`, or set `base` in `[package.metadata.package-vm]`, so that paths start further up.',
      'The last part is a pattern: write `d/*` for what is in that folder.',
    ]);
  });
});
