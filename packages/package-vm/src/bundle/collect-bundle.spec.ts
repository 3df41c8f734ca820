import { createHash } from 'node:crypto';
import { relative } from 'node:path';
import { type Bundle } from './bundle.js';
import { type CollectOptions, collectBundle } from './collect-bundle.js';
import { resolveInGuest } from './resolve-in-guest.js';
import { type ElfRecipe, GLIBC, MUSL, buildElf, buildLoader } from './testing/elf-builder.js';
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

/** Guest path, where it came from, origin. */
const summary = ({ libraries }: Bundle): string[] => libraries.map(({ guestPath, hostPath, origin }) => `${guestPath} ← ${relative(tree.folder, hostPath)} (${origin})`);

/** What the guest's loader would miss. */
const missingInGuest = (bundle: Bundle) =>
  resolveInGuest({
    programPath: `/${bundle.name}`,
    elfFiles: new Map([[`/${bundle.name}`, bundle.program.hostPath], ...bundle.libraries.map(({ guestPath, hostPath }) => [guestPath, hostPath] as const)]),
  });

interface Case {
  readonly reason: string;
  readonly bytes: Buffer;
  readonly files: Files;
  readonly options?: (path: (relative: string) => string) => Partial<CollectOptions>;
  readonly libraries: readonly string[];
}

const loaderLine = '/lib64/ld-linux-x86-64.so.2 ← root/lib64/ld-linux-x86-64.so.2 (sysroot)';
const libcLine = '/lib/x86_64-linux-gnu/libc.so.6 ← root/lib/x86_64-linux-gnu/libc.so.6 (sysroot)';

const cases: readonly Case[] = [
  {
    reason: 'the interpreter, and the C library from a default folder',
    bytes: program({ needed: ['libc.so.6'] }),
    files: debian,
    libraries: [libcLine, loaderLine],
  },
  {
    reason: 'nothing for a static program',
    bytes: buildElf({ type: 2 }),
    files: {},
    libraries: [],
  },
  {
    reason: 'the file behind links, under the name that is needed',
    bytes: program({ needed: ['libfoo.so.1'] }),
    files: { ...debian, 'root/usr/lib/x86_64-linux-gnu/libfoo.so.1': { link: '/opt/foo/libfoo.so.1.2.3' }, 'root/opt/foo/libfoo.so.1.2.3': library('libfoo.so.1') },
    libraries: ['/lib/x86_64-linux-gnu/libfoo.so.1 ← root/opt/foo/libfoo.so.1.2.3 (sysroot)', loaderLine],
  },
  {
    reason: 'libraries of libraries',
    bytes: program({ needed: ['liba.so'] }),
    files: { ...debian, 'root/usr/lib/liba.so': library('liba.so', { needed: ['libb.so', 'libc.so.6'] }), 'root/usr/lib/libb.so': library('libb.so') },
    libraries: ['/lib/x86_64-linux-gnu/liba.so ← root/usr/lib/liba.so (sysroot)', '/lib/x86_64-linux-gnu/libb.so ← root/usr/lib/libb.so (sysroot)', libcLine, loaderLine],
  },
  {
    reason: 'a folder of ld.so.conf, with its includes, before the default ones',
    bytes: program({ needed: ['libfoo.so', 'libbar.so', 'libbaz.so'] }),
    files: {
      ...debian,
      'root/etc/ld.so.conf': '# a comment\ninclude ld.so.conf.d/*.conf /etc/other-?.conf\n/opt/own # behind\nhwcap 0 old\n',
      'root/etc/ld.so.conf.d/b.conf': '/opt/b=libc6\n',
      'root/etc/ld.so.conf.d/a.conf': '/opt/a\ninclude /etc/ld.so.conf\n',
      'root/etc/ld.so.conf.d/no.txt': '/opt/no\n',
      'root/etc/other-1.conf': '/opt/other',
      'root/opt/a/libfoo.so': library('libfoo.so'),
      'root/opt/b/libfoo.so': library('libfoo.so'),
      'root/opt/other/libbar.so': library('libbar.so'),
      'root/opt/own/libbaz.so': library('libbaz.so'),
      'root/lib/x86_64-linux-gnu/libbaz.so': library('libbaz.so'),
      'root/opt/no/libbar.so': library('libbar.so'),
    },
    libraries: [
      '/lib/x86_64-linux-gnu/libbar.so ← root/opt/other/libbar.so (sysroot)',
      '/lib/x86_64-linux-gnu/libbaz.so ← root/opt/own/libbaz.so (sysroot)',
      '/lib/x86_64-linux-gnu/libfoo.so ← root/opt/a/libfoo.so (sysroot)',
      loaderLine,
    ],
  },
  {
    reason: 'RUNPATH with $ORIGIN, kept relative to the program',
    bytes: program({ needed: ['libfoo.so'], runpath: '$ORIGIN/lib' }),
    files: { ...debian, 'app/bin/lib/libfoo.so': library('libfoo.so'), 'root/usr/lib/libfoo.so': library('libfoo.so') },
    libraries: ['/lib/libfoo.so ← app/bin/lib/libfoo.so (program)', loaderLine],
  },
  {
    reason: 'RUNPATH with ${ORIGIN}/.., which in the image leads to the root',
    bytes: program({ needed: ['libfoo.so'], runpath: '/nowhere:${ORIGIN}/../vendor' }),
    files: { ...debian, 'app/vendor/libfoo.so': library('libfoo.so') },
    libraries: [loaderLine, '/vendor/libfoo.so ← app/vendor/libfoo.so (program)'],
  },
  {
    reason: 'RUNPATH that is $ORIGIN alone',
    bytes: program({ needed: ['libfoo.so'], runpath: '$ORIGIN' }),
    files: { ...debian, 'app/bin/libfoo.so': library('libfoo.so') },
    libraries: [loaderLine, '/libfoo.so ← app/bin/libfoo.so (program)'],
  },
  {
    reason: 'an absolute RUNPATH, moved to a default folder',
    bytes: program({ needed: ['libfoo.so'], runpath: '/opt/lib' }),
    files: { ...debian, 'root/opt/lib/libfoo.so': library('libfoo.so') },
    libraries: ['/lib/x86_64-linux-gnu/libfoo.so ← root/opt/lib/libfoo.so (sysroot)', loaderLine],
  },
  {
    reason: '$LIB and $PLATFORM as the loader fills them in',
    bytes: program({ needed: ['libfoo.so', 'libbar.so'], runpath: '/opt/$LIB:/opt/${PLATFORM}' }),
    files: { ...debian, 'root/opt/lib/x86_64-linux-gnu/libfoo.so': library('libfoo.so'), 'root/opt/x86_64/libbar.so': library('libbar.so') },
    libraries: [
      '/lib/x86_64-linux-gnu/libbar.so ← root/opt/x86_64/libbar.so (sysroot)',
      '/lib/x86_64-linux-gnu/libfoo.so ← root/opt/lib/x86_64-linux-gnu/libfoo.so (sysroot)',
      loaderLine,
    ],
  },
  {
    reason: 'the RPATH of the program for what its libraries need',
    bytes: program({ needed: ['liba.so'], rpath: '$ORIGIN/lib' }),
    files: { ...debian, 'app/bin/lib/liba.so': library('liba.so', { needed: ['libb.so'] }), 'app/bin/lib/libb.so': library('libb.so'), 'root/usr/lib/libb.so': library('libb.so') },
    libraries: ['/lib/liba.so ← app/bin/lib/liba.so (program)', '/lib/libb.so ← app/bin/lib/libb.so (program)', loaderLine],
  },
  {
    reason: 'not the RUNPATH of the program for what its libraries need',
    bytes: program({ needed: ['liba.so'], runpath: '$ORIGIN/lib' }),
    files: { ...debian, 'app/bin/lib/liba.so': library('liba.so', { needed: ['libb.so'] }), 'app/bin/lib/libb.so': library('libb.so'), 'root/usr/lib/libb.so': library('libb.so') },
    libraries: ['/lib/liba.so ← app/bin/lib/liba.so (program)', '/lib/x86_64-linux-gnu/libb.so ← root/usr/lib/libb.so (sysroot)', loaderLine],
  },
  {
    reason: 'no RPATH where there is a RUNPATH',
    bytes: program({ needed: ['libfoo.so'], rpath: '$ORIGIN/old', runpath: '$ORIGIN/new' }),
    files: { ...debian, 'app/bin/old/libfoo.so': library('libfoo.so'), 'root/usr/lib/libfoo.so': library('libfoo.so') },
    libraries: ['/lib/x86_64-linux-gnu/libfoo.so ← root/usr/lib/libfoo.so (sysroot)', loaderLine],
  },
  {
    reason: 'no inherited RPATH for a library with a RUNPATH',
    bytes: program({ needed: ['liba.so'], rpath: '$ORIGIN/lib' }),
    files: { ...debian, 'app/bin/lib/liba.so': library('liba.so', { needed: ['libb.so'], runpath: '$ORIGIN/own' }), 'app/bin/lib/libb.so': library('libb.so'), 'app/bin/lib/own/libb.so': library('libb.so') },
    libraries: ['/lib/liba.so ← app/bin/lib/liba.so (program)', '/lib/own/libb.so ← app/bin/lib/own/libb.so (program)', loaderLine],
  },
  {
    reason: 'what is loaded already, by its soname, wherever else it would be found',
    bytes: program({ needed: ['libreal.so', 'liba.so'], runpath: '$ORIGIN/lib' }),
    files: { ...debian, 'app/bin/lib/libreal.so': library('libalias.so.1'), 'app/bin/lib/liba.so': library('liba.so', { needed: ['libalias.so.1'] }) },
    libraries: ['/lib/liba.so ← app/bin/lib/liba.so (program)', '/lib/libreal.so ← app/bin/lib/libreal.so (program)', loaderLine],
  },
  {
    reason: 'the folder of a library in the sysroot as its $ORIGIN, inside the sysroot',
    bytes: program({ needed: ['liba.so'] }),
    files: { ...debian, 'root/usr/lib/liba.so': library('liba.so', { needed: ['libp.so'], runpath: '$ORIGIN/private' }), 'root/usr/lib/private/libp.so': library('libp.so') },
    libraries: ['/lib/x86_64-linux-gnu/liba.so ← root/usr/lib/liba.so (sysroot)', '/lib/x86_64-linux-gnu/private/libp.so ← root/usr/lib/private/libp.so (sysroot)', loaderLine],
  },
  {
    reason: 'past files of another machine, 32 bits, text and damage',
    bytes: program({ needed: ['liba.so', 'libb.so', 'libc.so', 'libd.so'], runpath: '$ORIGIN/lib' }),
    files: {
      ...debian,
      'app/bin/lib/liba.so': library('liba.so', { machine: 183 }),
      'app/bin/lib/libb.so': library('libb.so', { machine: 3, bits: 32 }),
      'app/bin/lib/libc.so': '/* GNU ld script */',
      'app/bin/lib/libd.so': library('libd.so').subarray(0, 100),
      ...Object.fromEntries(['a', 'b', 'c', 'd'].map((name) => [`root/usr/lib/lib${name}.so`, library(`lib${name}.so`)])),
    },
    libraries: [...['a', 'b', 'c', 'd'].map((name) => `/lib/x86_64-linux-gnu/lib${name}.so ← root/usr/lib/lib${name}.so (sysroot)`), loaderLine],
  },
  {
    reason: 'no variant for newer processors',
    bytes: program({ needed: ['libfoo.so'] }),
    files: { ...debian, 'root/usr/lib/glibc-hwcaps/x86-64-v3/libfoo.so': library('libfoo.so'), 'root/usr/lib/libfoo.so': library('libfoo.so') },
    libraries: ['/lib/x86_64-linux-gnu/libfoo.so ← root/usr/lib/libfoo.so (sysroot)', loaderLine],
  },
  {
    reason: 'a folder that cargo linked from, behind RUNPATH and before the system',
    bytes: program({ needed: ['libfoo.so', 'libbar.so'], runpath: '$ORIGIN/lib' }),
    files: {
      ...debian,
      'app/bin/lib/libbar.so': library('libbar.so'),
      'app/out/libfoo.so': library('libfoo.so'),
      'app/out/libbar.so': library('libbar.so'),
      'root/usr/lib/libfoo.so': library('libfoo.so'),
    },
    options: (path) => ({ searchPaths: [path('app/out')] }),
    libraries: ['/lib/libbar.so ← app/bin/lib/libbar.so (program)', '/lib/x86_64-linux-gnu/libfoo.so ← app/out/libfoo.so (cargo)', loaderLine],
  },
  {
    reason: 'what the program opens: by name and by path, with what these need',
    bytes: program({}),
    files: {
      ...debian,
      'app/vendor/libplugin.so': library('libplugin.so.2', { needed: ['libdep.so'] }),
      'root/usr/lib/libdep.so': library('libdep.so'),
      'root/usr/lib/libcuda.so.1': library('libcuda.so.1', { needed: ['libc.so.6'] }),
    },
    options: () => ({ extraLibraries: ['libcuda.so.1', 'vendor/libplugin.so'] }),
    libraries: [
      libcLine,
      '/lib/x86_64-linux-gnu/libcuda.so.1 ← root/usr/lib/libcuda.so.1 (extra)',
      '/lib/x86_64-linux-gnu/libdep.so ← root/usr/lib/libdep.so (sysroot)',
      '/lib/x86_64-linux-gnu/libplugin.so ← app/vendor/libplugin.so (extra)',
      '/lib/x86_64-linux-gnu/libplugin.so.2 ← app/vendor/libplugin.so (extra)',
      loaderLine,
    ],
  },
  {
    reason: 'a file of the settings for a library that is nowhere else',
    bytes: program({ needed: ['libfoo.so.1'] }),
    files: { ...debian, 'app/vendor/libfoo.so.1': library('libfoo.so.1') },
    options: () => ({ extraLibraries: ['./vendor/libfoo.so.1'] }),
    libraries: ['/lib/x86_64-linux-gnu/libfoo.so.1 ← app/vendor/libfoo.so.1 (extra)', loaderLine],
  },
  {
    reason: 'a needed name that is a path',
    bytes: program({ needed: ['/opt/abs/liba.so', '$ORIGIN/../rel/libb.so', 'own/libc.so'] }),
    files: { ...debian, 'root/opt/abs/liba.so': library('liba.so'), 'app/rel/libb.so': library('libb.so'), 'app/own/libc.so': library('libc.so') },
    libraries: [loaderLine, '/opt/abs/liba.so ← root/opt/abs/liba.so (sysroot)', '/own/libc.so ← app/own/libc.so (host)', '/rel/libb.so ← app/rel/libb.so (host)'],
  },
  {
    reason: 'the default folders of another distribution’s loader',
    bytes: program({ needed: ['libc.so.6'] }),
    files: { 'root/lib64': { link: 'usr/lib64' }, 'root/usr/lib64/ld-linux-x86-64.so.2': buildLoader('fedora'), 'root/usr/lib64/libc.so.6': library('libc.so.6') },
    libraries: ['/lib64/ld-linux-x86-64.so.2 ← root/usr/lib64/ld-linux-x86-64.so.2 (sysroot)', '/lib64/libc.so.6 ← root/usr/lib64/libc.so.6 (sysroot)'],
  },
  {
    reason: 'the default folders of upstream where a loader does not tell its own',
    bytes: program({ needed: ['libc.so.6'] }),
    files: { 'root/lib64/ld-linux-x86-64.so.2': buildLoader('unknown'), 'root/usr/lib/libc.so.6': library('libc.so.6') },
    libraries: [loaderLine, '/lib64/libc.so.6 ← root/usr/lib/libc.so.6 (sysroot)'],
  },
  {
    reason: 'musl, which is its own C library and lets RUNPATH be inherited',
    bytes: program({ interpreter: MUSL, needed: ['libc.musl-x86_64.so.1', 'liba.so'], runpath: '$ORIGIN/lib' }),
    files: {
      'root/lib/ld-musl-x86_64.so.1': buildLoader('musl'),
      'app/bin/lib/liba.so': library('liba.so', { needed: ['libb.so', 'libgcc_s.so.1'] }),
      'app/bin/lib/libb.so': library('libb.so'),
      'root/usr/lib/libgcc_s.so.1': library('libgcc_s.so.1'),
    },
    libraries: [
      '/lib/ld-musl-x86_64.so.1 ← root/lib/ld-musl-x86_64.so.1 (sysroot)',
      '/lib/liba.so ← app/bin/lib/liba.so (program)',
      '/lib/libb.so ← app/bin/lib/libb.so (program)',
      '/lib/libgcc_s.so.1 ← root/usr/lib/libgcc_s.so.1 (sysroot)',
    ],
  },
  {
    reason: 'the folders of musl’s own configuration',
    bytes: program({ interpreter: MUSL, needed: ['liba.so'] }),
    files: { 'root/lib/ld-musl-x86_64.so.1': buildLoader('musl'), 'root/etc/ld-musl-x86_64.path': '/opt/musl\n/usr/lib\n', 'root/opt/musl/liba.so': library('liba.so') },
    libraries: ['/lib/ld-musl-x86_64.so.1 ← root/lib/ld-musl-x86_64.so.1 (sysroot)', '/lib/liba.so ← root/opt/musl/liba.so (sysroot)'],
  },
];

describe('collectBundle', () => {
  it.each(cases)('finds $reason', async ({ bytes, files, options, libraries }) => {
    const bundle = await collect({ ...files, 'app/bin/prover': bytes }, options?.((path) => tree.path(path)));
    expect(summary(bundle)).toEqual(libraries);
    expect(missingInGuest(bundle)).toEqual([]);
  });

  it('gives size and digest of each file', async () => {
    const bytes = program({ needed: ['libc.so.6'] });
    const { program: file, libraries } = await collect({ ...debian, 'app/bin/prover': bytes });
    expect(file).toEqual({ hostPath: tree.path('app/bin/prover'), sizeBytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') });
    expect(libraries[0]).toMatchObject({ sizeBytes: (debian['root/lib/x86_64-linux-gnu/libc.so.6'] as Buffer).length, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as unknown });
  });

  it('is called as it is told, with the facts of its build', async () => {
    const build = { package: 'p', target: 't', profile: 'release', features: [], rustc: 'r' };
    expect(await collect({ 'app/bin/prover': buildElf({ type: 2 }) }, { name: 'other', build })).toMatchObject({ name: 'other', build, libraries: [] });
    expect(await collect({})).toMatchObject({ name: 'prover', build: undefined });
  });

  it('takes the libraries of this machine without a sysroot', async () => {
    const bundle = await collect({ 'app/bin/prover': program({ needed: ['libfoo.so'] }), 'app/out/libfoo.so': library('libfoo.so') }, { sysroot: undefined, searchPaths: [tree.path('app/out')] }).catch(
      (error: unknown) => error,
    );
    // on a machine without glibc the interpreter is missing
    if (bundle instanceof Error) expect(bundle).toMatchObject({ code: 'PVM_LIBRARY_NOT_FOUND' });
    else expect(bundle).toMatchObject({ libraries: expect.arrayContaining([expect.objectContaining({ guestPath: GLIBC, origin: 'host' })]) as unknown });
  });
});
