import { type ElfRecipe, buildElf } from './testing/elf-builder.js';
import { FileTree } from './testing/file-tree.js';
import { type BundleLibrary } from './bundle.js';
import { describeFile } from './describe-file.js';
import { diffBundles } from './diff-bundles.js';
import { writeBundle } from './write-bundle.js';

let tree: FileTree;
beforeEach(() => {
  tree = new FileTree();
});
afterEach(() => {
  tree.remove();
});

const build = { package: 'prover', target: 'x86_64-unknown-linux-gnu', profile: 'release', features: [], rustc: 'rustc 1.95.0' };

/** A bundle whose program has these sections. */
async function bundle(name: string, sections: NonNullable<ElfRecipe['sections']>, libraries: Readonly<Record<string, ElfRecipe>> = {}, facts: Partial<typeof build> = {}): Promise<string> {
  tree.add({ [`${name}/p`]: buildElf({ sections }) });
  const files = await Promise.all(
    Object.entries(libraries).map(async ([guestPath, recipe]): Promise<BundleLibrary> => {
      tree.add({ [`${name}${guestPath}`]: buildElf(recipe) });
      return { guestPath, origin: 'host', ...(await describeFile(tree.path(`${name}${guestPath}`))) };
    }),
  );
  const folder = tree.path(`${name}/bundle`);
  await writeBundle({ name: 'prover', program: await describeFile(tree.path(`${name}/p`)), libraries: files, build: { ...build, ...facts } }, folder);
  return folder;
}

const SAME = { '.text': 'code', '.comment': 'rustc version 1.95.0\0Linker: LLD\0' };
const reasonsOf = async (a: NonNullable<ElfRecipe['sections']>, b: NonNullable<ElfRecipe['sections']>) =>
  (await diffBundles(await bundle('a', { ...SAME, ...a }), await bundle('b', { ...SAME, ...b }))).files[0]?.elf;

describe('diffBundles', () => {
  it('finds nothing where nothing differs', async () => {
    expect(await diffBundles(await bundle('a', SAME), await bundle('b', SAME))).toEqual({ isSame: true, facts: [], files: [] });
  });

  it('names the sections that differ, those that only one has, and no others', async () => {
    expect(await reasonsOf({ '.rodata': 'x' }, { '.rodata': 'y', '.debug_info': 'z' })).toEqual({ sections: ['.rodata', '.shstrtab', '.debug_info'], reasons: [] });
  });

  it.each([
    { reason: 'another toolchain', a: {}, b: { '.comment': 'rustc version 1.96.0\0Linker: LLD\0' }, says: 'other tools made them: `rustc version 1.95.0` against `rustc version 1.96.0`' },
    { reason: 'a folder of the machine', a: { '.rodata': 'x/home/a/ws/src/main.rspanicked' }, b: { '.rodata': 'x/home/b/ws/src/main.rspanicked' }, says: 'they name other folders: `/home/a/ws/src` against `/home/b/ws/src`' },
    { reason: 'the build id', a: { '.note.gnu.build-id': Buffer.from(`${'0'.repeat(32)}abcd`, 'hex') }, b: { '.note.gnu.build-id': Buffer.from(`${'0'.repeat(32)}ef`, 'hex') }, says: 'build ids: abcd against ef' },
    {
      reason: 'a crate in another place',
      a: { '.strtab': '\0_ZN6shared3nth17h0123456789abcdefE\0_RNvCs1a2B_6shared1f\0' },
      b: { '.strtab': '\0_ZN6shared3nth17hfedcba9876543210E\0_RNvCs3c4D_6shared1f\0' },
      says: 'a crate outside the cargo workspace in another place',
    },
    { reason: 'other functions', a: { '.strtab': '\0_ZN1a17h0123456789abcdefE\0' }, b: { '.strtab': '\0_ZN1b17h0123456789abcdefE\0' }, says: 'they have other functions' },
  ])('tells $reason', async ({ a, b, says }) => {
    expect((await reasonsOf(a, b))?.reasons).toEqual([expect.stringContaining(says)]);
  });

  it('names what differs in how they were built, and libraries that one of them lacks', async () => {
    const a = await bundle('a', SAME, { '/lib/libc.so.6': { soname: 'libc.so.6' }, '/lib/libz.so': {} });
    const b = await bundle('b', SAME, { '/lib/libc.so.6': { soname: 'libc.so.7' } }, { rustc: 'rustc 1.96.0' });
    expect(await diffBundles(a, b)).toMatchObject({
      isSame: false,
      facts: [{ name: 'rustc', a: 'rustc 1.95.0', b: 'rustc 1.96.0' }],
      files: [
        { path: '/lib/libc.so.6', a: { origin: 'host' }, elf: { sections: [] } },
        { path: '/lib/libz.so', b: undefined, elf: undefined },
      ],
    });
  });

  it('refuses a folder that is no bundle, or no longer what was written', async () => {
    const a = await bundle('a', SAME);
    await expect(diffBundles(a, tree.path('nothing'))).rejects.toMatchObject({ code: 'PVM_BAD_BUNDLE' });
    tree.add({ 'a/bundle/program': buildElf({ sections: { ...SAME, '.text': 'edoc' } }) });
    await expect(diffBundles(a, a)).rejects.toMatchObject({ code: 'PVM_BAD_BUNDLE' });
  });
});
