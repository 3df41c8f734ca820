import { appendFileSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Bundle } from './bundle.js';
import { collectBundle } from './collect-bundle.js';
import { readBundle } from './read-bundle.js';
import { GLIBC, buildElf, buildLoader } from './testing/elf-builder.js';
import { FileTree } from './testing/file-tree.js';
import { writeBundle } from './write-bundle.js';

const build = { package: 'prover', target: 'x86_64-unknown-linux-gnu', profile: 'release', features: ['gpu'], rustc: 'rustc 1.95.0 (59807616e 2026-04-14)' };

let tree: FileTree;
let bundle: Bundle;
let folder: string;
beforeEach(async () => {
  tree = new FileTree({
    'root/lib64/ld-linux-x86-64.so.2': buildLoader('debian'),
    'root/usr/lib/libfoo.so': buildElf({ soname: 'libfoo.so' }),
    'bin/my_prover': buildElf({ interpreter: GLIBC, needed: ['libfoo.so'] }),
  });
  bundle = await collectBundle({ programPath: tree.path('bin/my_prover'), sysroot: tree.path('root'), build });
  folder = tree.path('dist/prover/bundle');
});
afterEach(() => {
  tree.remove();
});

const rewrite = (change: (json: Record<string, unknown>) => void): void => {
  const json = JSON.parse(readFileSync(join(folder, 'bundle.json'), 'utf8')) as Record<string, unknown>;
  change(json);
  writeFileSync(join(folder, 'bundle.json'), JSON.stringify(json));
};

describe('writeBundle', () => {
  it('writes the program, libraries under their guest paths, and what they are', async () => {
    const written = await writeBundle(bundle, folder);
    expect(readdirSync(folder, { recursive: true }).sort()).toEqual([
      'bundle.json',
      'program',
      'root',
      'root/lib',
      'root/lib/x86_64-linux-gnu',
      'root/lib/x86_64-linux-gnu/libfoo.so',
      'root/lib64',
      'root/lib64/ld-linux-x86-64.so.2',
    ]);
    expect(statSync(join(folder, 'program')).mode & 0o777).toBe(0o755);
    expect(readFileSync(join(folder, 'program'))).toEqual(readFileSync(tree.path('bin/my_prover')));
    expect(written.libraries.map(({ hostPath }) => hostPath)).toEqual(['lib/x86_64-linux-gnu/libfoo.so', 'lib64/ld-linux-x86-64.so.2'].map((path) => join(folder, 'root', path)));
    const [libfoo, loader] = bundle.libraries;
    expect(readFileSync(join(folder, 'bundle.json'), 'utf8')).toBe(`{
  "schemaVersion": 1,
  "name": "my_prover",
  "build": {
    "package": "prover",
    "target": "x86_64-unknown-linux-gnu",
    "profile": "release",
    "features": [
      "gpu"
    ],
    "rustc": "rustc 1.95.0 (59807616e 2026-04-14)"
  },
  "program": {
    "sizeBytes": ${bundle.program.sizeBytes},
    "sha256": "${bundle.program.sha256}"
  },
  "libraries": [
    {
      "guestPath": "/lib/x86_64-linux-gnu/libfoo.so",
      "origin": "sysroot",
      "sizeBytes": ${libfoo?.sizeBytes ?? 0},
      "sha256": "${libfoo?.sha256 ?? ''}"
    },
    {
      "guestPath": "/lib64/ld-linux-x86-64.so.2",
      "origin": "sysroot",
      "sizeBytes": ${loader?.sizeBytes ?? 0},
      "sha256": "${loader?.sha256 ?? ''}"
    }
  ]
}
`);
  });

  it.each([
    { reason: 'a program that was built', facts: build },
    { reason: 'a program from elsewhere', facts: undefined },
  ])('is read back as it was written, with $reason', async ({ facts }) => {
    const written = await writeBundle({ ...bundle, build: facts }, folder);
    expect(await readBundle(folder, { verify: true })).toEqual(written);
  });

  it('can copy a bundle onto itself', async () => {
    const written = await writeBundle(bundle, folder);
    expect(await writeBundle(written, folder)).toEqual(written);
  });

  it('replaces an old bundle whole, and sweeps what killed calls left a day ago', async () => {
    tree.add({ 'dist/prover/bundle/root/old/libold.so': '', 'dist/prover/.bundle.tmp-99999999-abc/program': '', [`dist/prover/.bundle.tmp-${process.pid}-abc/program`]: '', 'dist/prover/.bundle.tmp-99999999-new/program': '' });
    for (const name of ['99999999-abc', `${process.pid}-abc`]) utimesSync(tree.path(`dist/prover/.bundle.tmp-${name}`), 1, 1);
    await writeBundle(bundle, folder);
    expect(existsSync(join(folder, 'root/old'))).toBe(false);
    expect(readdirSync(tree.path('dist/prover')).sort()).toEqual([`.bundle.tmp-${process.pid}-abc`, '.bundle.tmp-99999999-new', 'bundle'].sort());
  });

  it('keeps the old bundle when a file is not what was collected', async () => {
    await writeBundle(bundle, folder);
    const before = readFileSync(join(folder, 'program'));
    appendFileSync(tree.path('bin/my_prover'), 'x');
    await expect(writeBundle(bundle, folder)).rejects.toMatchObject({ code: 'PVM_FILE_CHANGED', message: expect.stringContaining('my_prover') as unknown });
    expect(readFileSync(join(folder, 'program'))).toEqual(before);
    expect(readdirSync(tree.path('dist/prover'))).toEqual(['bundle']);
  });

  it('says where it could not write', async () => {
    tree.add({ dist: '' });
    await expect(writeBundle(bundle, folder)).rejects.toMatchObject({ code: 'PVM_WRITE_FAILED', message: expect.stringContaining(folder) as unknown });
  });
});

describe('readBundle refuses', () => {
  beforeEach(async () => {
    await writeBundle(bundle, folder);
  });

  it.each([
    { reason: 'no folder', damage: () => { rmSync(folder, { recursive: true }); }, message: 'There is no bundle in' },
    { reason: 'text that is no JSON', damage: () => { writeFileSync(join(folder, 'bundle.json'), '{'); }, message: 'is no description of a bundle of version 1' },
    { reason: 'another version', damage: () => { rewrite((json) => { json.schemaVersion = 2; }); }, message: 'schemaVersion' },
    { reason: 'an unknown key', damage: () => { rewrite((json) => { json.more = true; }); }, message: 'more' },
    { reason: 'a path that leads out', damage: () => { rewrite((json) => { json.libraries = [{ ...bundle.libraries[0], hostPath: undefined, guestPath: '/lib/../../x' }]; }); }, message: 'must not contain' },
    { reason: 'a relative path', damage: () => { rewrite((json) => { json.libraries = [{ ...bundle.libraries[0], hostPath: undefined, guestPath: 'x' }]; }); }, message: 'must be an absolute path' },
    { reason: 'a missing file', damage: () => { rmSync(join(folder, 'root/lib64/ld-linux-x86-64.so.2')); }, message: 'is missing' },
    { reason: 'a folder for a file', damage: () => { rmSync(join(folder, 'program')); mkdirSync(join(folder, 'program')); }, message: 'is missing' },
    { reason: 'a file of another size', damage: () => { appendFileSync(join(folder, 'program'), 'x'); }, message: 'bytes, expected' },
  ])('$reason', async ({ damage, message }) => {
    damage();
    await expect(readBundle(folder)).rejects.toMatchObject({ code: 'PVM_BAD_BUNDLE', message: expect.stringContaining(message) as unknown });
  });

  it('another digest, when asked', async () => {
    const bytes = readFileSync(join(folder, 'program'));
    bytes[bytes.length - 1] = 255;
    writeFileSync(join(folder, 'program'), bytes);
    await expect(readBundle(folder)).resolves.toMatchObject({ name: 'my_prover' });
    await expect(readBundle(folder, { verify: true })).rejects.toMatchObject({ code: 'PVM_BAD_BUNDLE', message: expect.stringContaining('has the digest') as unknown });
  });
});
