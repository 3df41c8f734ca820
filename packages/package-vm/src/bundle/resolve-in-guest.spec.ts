import { type GuestFiles, resolveInGuest } from './resolve-in-guest.js';
import { GLIBC, buildElf, buildLoader } from './testing/elf-builder.js';
import { FileTree } from './testing/file-tree.js';

let tree: FileTree;
beforeEach(() => {
  tree = new FileTree();
});
afterEach(() => {
  tree.remove();
});

const LIBRARY = buildElf({ soname: 'libfoo.so' });

const resolve = (files: Readonly<Record<string, Buffer>>, options: Partial<GuestFiles> = {}) => {
  tree.add(files);
  return resolveInGuest({ programPath: '/prover', elfFiles: new Map(Object.keys(files).map((path) => [path, tree.path(path)])), ...options });
};

const prover = (runpath?: string) => buildElf({ interpreter: GLIBC, needed: ['libfoo.so'], ...(runpath === undefined ? {} : { runpath }) });
const loader = { [GLIBC]: buildLoader('debian') };

describe('resolveInGuest', () => {
  it.each([
    { reason: 'in a default folder', at: '/usr/lib/libfoo.so' },
    { reason: 'below $ORIGIN', at: '/lib64/x/libfoo.so', runpath: '$ORIGIN/lib64/x' },
    { reason: 'in an absolute RUNPATH', at: '/opt/libfoo.so', runpath: '/opt' },
    { reason: 'in a RUNPATH relative to the working folder', at: '/data/lib/libfoo.so', runpath: 'lib', options: { workingFolder: '/data' } },
    { reason: 'in LD_LIBRARY_PATH', at: '/vendor/libfoo.so', options: { libraryPath: ['/vendor'] } },
    { reason: 'behind a link', at: '/opt/libfoo.so.1', options: { links: new Map([['/usr/lib/libfoo.so', '../../opt/libfoo.so.1']]) } },
    { reason: 'behind a linked folder', at: '/opt/libfoo.so', options: { links: new Map([['/usr/lib', '/opt']]) } },
  ])('finds a library $reason', ({ at, runpath, options }) => {
    expect(resolve({ ...loader, '/prover': prover(runpath), [at]: LIBRARY }, options)).toEqual([]);
  });

  it.each([
    { reason: 'where only a cache or LD_LIBRARY_PATH led', at: '/vendor/libfoo.so' },
    { reason: 'for another machine', at: '/usr/lib/libfoo.so', bytes: buildElf({ machine: 183 }) },
    { reason: 'behind a link that leads in a circle', at: '/opt/libfoo.so', links: new Map([['/usr/lib', '/usr/lib']]) },
  ])('misses a library $reason', ({ at, bytes = LIBRARY, links }) => {
    expect(resolve({ ...loader, '/prover': prover(), [at]: bytes }, { links })).toEqual([
      { library: 'libfoo.so', neededBy: ['/prover'], searched: ['/lib/x86_64-linux-gnu', '/usr/lib/x86_64-linux-gnu', '/lib', '/usr/lib'] },
    ]);
  });

  it('misses the interpreter', () => {
    expect(resolve({ '/prover': prover() })).toEqual([{ library: GLIBC, neededBy: ['/prover'], searched: [GLIBC] }]);
  });

  it('misses what a library needs that the program only opens', () => {
    const plugin = buildElf({ needed: ['libgone.so'], runpath: '$ORIGIN' });
    expect(resolve({ ...loader, '/prover': buildElf({ interpreter: GLIBC }), '/plugins/p.so': plugin })).toEqual([
      { library: 'libgone.so', neededBy: ['/plugins/p.so'], searched: ['/plugins', '/lib/x86_64-linux-gnu', '/usr/lib/x86_64-linux-gnu', '/lib', '/usr/lib'] },
    ]);
  });

  it('leaves files of other machines alone: a prover may carry its guest programs', () => {
    expect(resolve({ ...loader, '/prover': buildElf({ interpreter: GLIBC }), '/guest.elf': buildElf({ machine: 243, needed: ['libno.so'] }) })).toEqual([]);
  });

  it('has nothing to say of a static program', () => {
    expect(resolve({ '/prover': buildElf({ type: 2 }), '/usr/lib/libfoo.so': buildElf({ needed: ['libno.so'] }) })).toEqual([]);
  });
});
