import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { filesInFlags } from './flag-files.js';

let root: string;
beforeAll(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'flag-files-')));
  const files = { 'a.ld': '', 'exports.map': '', 'deep/b.o': '', 'rsp.txt': '-Tdeep/c.ld\n@rsp.txt', 'deep/c.ld': '', 'libs/libz.a': '', 'libs/libz.so.1': '', 'libs/other': '', native: '', '1': '', 'tools/cc.sh': '' };
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
});
afterAll(() => {
  rmSync(root, { recursive: true });
});

describe('filesInFlags', () => {
  it.each([
    { reason: 'a linker script', flags: ['-C', 'link-arg=-Ta.ld'], files: ['a.ld'] },
    { reason: 'one among several arguments', flags: ['-Clink-args=-Wl,--version-script=exports.map,-T,a.ld deep/b.o'], files: ['exports.map', 'a.ld', 'deep/b.o'] },
    { reason: 'a file by its whole path', flags: ['-Cprofile-use=ROOT/deep/b.o'], files: ['deep/b.o'] },
    { reason: 'a response file and what it names', flags: ['@rsp.txt'], files: ['rsp.txt', 'deep/c.ld'] },
    { reason: 'libraries in a folder to search', flags: ['-L', 'native=libs', '-Clink-arg=-Llibs'], files: ['libs/libz.a', 'libs/libz.so.1'] },
    { reason: 'nothing that a word names by chance', flags: ['-Ctarget-cpu=native', '-Copt-level=1', '-C', 'debuginfo=1'], files: [] },
    { reason: 'nothing that is written or run', flags: ['-Clink-arg=-Wl,-Map=a.ld', '-Clinker=tools/cc.sh', '-o', 'a.ld'], files: [] },
    { reason: 'nothing that is not there', flags: ['-Tnone.ld', '-L', 'none'], files: [] },
  ])('finds $reason', ({ flags, files }) => {
    expect(filesInFlags(flags.map((flag) => flag.replace('ROOT', root)), root).map((path) => relative(root, path))).toEqual(files);
  });
});
