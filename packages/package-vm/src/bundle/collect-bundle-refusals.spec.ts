import { type Bundle } from './bundle.js';
import { type CollectOptions, collectBundle } from './collect-bundle.js';
import { type ElfRecipe, GLIBC, buildElf, buildLoader } from './testing/elf-builder.js';
import { FileTree, type Files } from './testing/file-tree.js';

let tree: FileTree;
beforeEach(() => {
  tree = new FileTree({ 'root/etc/hostname': '' });
});
afterEach(() => {
  tree.remove();
});

const program = (recipe: ElfRecipe) => buildElf({ interpreter: GLIBC, ...recipe });
const library = (soname: string, recipe: ElfRecipe = {}) => buildElf({ soname, ...recipe });
const debian: Files = {
  'root/lib64/ld-linux-x86-64.so.2': buildLoader('debian'),
  'root/lib/x86_64-linux-gnu/libc.so.6': library('libc.so.6', { needed: ['ld-linux-x86-64.so.2'] }),
};

/** Collects `app/bin/prover` with `root` as the sysroot. */
const collect = (files: Files, options: Partial<CollectOptions> = {}): Promise<Bundle> => {
  tree.add(files);
  return collectBundle({ programPath: tree.path('app/bin/prover'), sysroot: tree.path('root'), baseFolder: tree.path('app'), ...options });
};

describe('collectBundle refuses', () => {
  it('all missing libraries at once, with who needs them and where they were looked for', async () => {
    const files = { ...debian, 'app/bin/prover': program({ needed: ['libgone.so', 'liba.so'], runpath: '$ORIGIN/lib' }), 'root/usr/lib/liba.so': library('liba.so', { needed: ['libgone.so', 'libalso.so'] }) };
    const error = await collect(files).catch((caught: unknown) => caught);
    const prover = tree.path('app/bin/prover');
    const system = '`/lib/x86_64-linux-gnu`, `/usr/lib/x86_64-linux-gnu`, `/lib`, `/usr/lib`, `/lib64`, `/usr/lib64`';
    expect(error).toMatchObject({
      code: 'PVM_LIBRARY_NOT_FOUND',
      message:
        'Could not find 2 shared libraries:\n' +
        `  \`libgone.so\`, needed by \`${prover}\`, \`/usr/lib/liba.so\`, looked for in \`${tree.path('app/bin/lib')}\`, ${system}\n` +
        `  \`libalso.so\`, needed by \`/usr/lib/liba.so\`, looked for in ${system}`,
      hint: `Put it into the sysroot \`${tree.path('root')}\`, or name its file in \`extraLibraries\`.`,
    });
  });

  it.each([
    { reason: 'an interpreter that is not there', files: {}, message: 'Could not find the shared library `/lib64/ld-linux-x86-64.so.2`, needed by' },
    { reason: 'a file of the settings that is not there', files: debian, extraLibraries: ['vendor/libno.so'], message: 'named in `extraLibraries`, does not exist' },
    { reason: 'a file of the settings that is no library', files: debian, extraLibraries: ['bin/text'], message: 'named in `extraLibraries`, is no shared library for x86_64 Linux' },
    { reason: 'a name of the settings that is nowhere', files: debian, extraLibraries: ['libno.so'], message: 'Could not find the shared library `libno.so`, needed by' },
  ])('$reason', async ({ files, extraLibraries, message }) => {
    const all = { ...files, 'app/bin/prover': program({}), 'app/bin/text': 'text' };
    await expect(collect(all, { extraLibraries })).rejects.toMatchObject({ code: 'PVM_LIBRARY_NOT_FOUND', message: expect.stringContaining(message) as unknown });
  });

  it('a library that a link leads to outside the sysroot', async () => {
    const files = { ...debian, 'app/bin/prover': program({ needed: ['libfoo.so'] }), 'outside/libfoo.so': library('libfoo.so'), 'root/usr/lib/libfoo.so': { link: '../../../outside/libfoo.so' } };
    await expect(collect(files)).rejects.toMatchObject({ code: 'PVM_LIBRARY_NOT_FOUND' });
  });

  it('a sysroot that is not there', async () => {
    await expect(collect({ 'app/bin/prover': program({}) }, { sysroot: tree.path('none') })).rejects.toMatchObject({ code: 'PVM_NO_FILE' });
  });

  it.each([
    { reason: 'a program that is not there', files: {}, message: 'There is no program at' },
    { reason: 'a folder', files: { 'app/bin/prover/x': '' }, message: 'is no file, expected a program' },
  ])('$reason', async ({ files, message }) => {
    await expect(collect(files)).rejects.toMatchObject({ code: 'PVM_NO_PROGRAM', message: expect.stringContaining(message) as unknown });
  });

  it.each([
    { kind: 'a script', bytes: '#!/bin/sh\n' },
    { kind: 'an empty file', bytes: '' },
    { kind: 'no ELF file', bytes: 'text' },
    { kind: 'a Windows program (PE)', bytes: 'MZ\x90' },
    { kind: 'a macOS program (Mach-O)', bytes: Buffer.from('cffaedfe07000001', 'hex') },
    { kind: 'a universal macOS program (Mach-O)', bytes: Buffer.from('cafebabe00000002', 'hex') },
    { kind: 'a WebAssembly module', bytes: '\0asm\x01' },
    { kind: 'a static library', bytes: '!<arch>\nx' },
    { kind: 'a 64-bit ELF file for aarch64', bytes: program({ machine: 183 }) },
    { kind: 'a 64-bit ELF file for riscv', bytes: program({ machine: 243 }) },
    { kind: 'a 32-bit ELF file for i686', bytes: buildElf({ machine: 3, bits: 32 }) },
    { kind: 'an ELF file for x86_64 with 32-bit pointers (x32)', bytes: buildElf({ bits: 32 }) },
    { kind: 'an ELF file for FreeBSD', bytes: program({ osAbi: 9 }) },
    { kind: 'a shared library', bytes: library('libprover.so') },
    { kind: 'a shared library', bytes: buildElf({ needed: ['libc.so.6'] }) },
    { kind: 'an object file', bytes: buildElf({ type: 1 }) },
    { kind: 'a core dump', bytes: buildElf({ type: 4 }) },
  ])('$kind', async ({ kind, bytes }) => {
    await expect(collect({ ...debian, 'app/bin/prover': bytes })).rejects.toMatchObject({
      code: 'PVM_WRONG_TARGET',
      message: `\`${tree.path('app/bin/prover')}\` is ${kind}, expected a program for x86_64 Linux`,
    });
  });

  it('a damaged program', async () => {
    await expect(collect({ 'app/bin/prover': program({}).subarray(0, 80) })).rejects.toMatchObject({ code: 'PVM_BAD_ELF' });
  });
});
