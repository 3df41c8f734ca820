import { type Tree, readJson, readNxJson, updateJson, updateNxJson } from '@nx/devkit';
import { createTreeWithEmptyWorkspace } from '@nx/devkit/testing';
import { readFileSync } from 'node:fs';
import { initGenerator } from './init/generator.js';
import manifestForNx, { manifestGenerator } from './manifest/generator.js';
import proverForNx, { proverGenerator } from './prover/generator.js';

/** Formatting looks for a formatter in the Nx workspace: that is for e2e. */
const quick = { skipFormat: true };
let tree: Tree;
beforeEach(() => {
  tree = createTreeWithEmptyWorkspace();
});

function plugins(): unknown {
  return readNxJson(tree)?.plugins;
}

function texts(): Readonly<Record<string, string | undefined>> {
  return Object.fromEntries(tree.listChanges().map(({ path, content }) => [path, content?.toString()]));
}

describe('init', () => {
  afterEach(() => {
    delete process.env.NX_ADD_PLUGINS;
  });

  it('adds the plugin, the package and the output folder, once', async () => {
    await initGenerator(tree, quick);
    const once = texts();
    await initGenerator(tree, quick);
    expect(texts()).toEqual(once);
    expect(plugins()).toEqual(['@package-vm/nx']);
    expect(readJson<{ devDependencies: object }>(tree, 'package.json').devDependencies).toHaveProperty(['@package-vm/nx']);
    expect(tree.read('.gitignore', 'utf8')?.match(/^dist$/gm)).toHaveLength(1);
  });

  it('keeps a plugin with options, a line that ignores the folder, and the version that is there', async () => {
    updateNxJson(tree, { plugins: [{ plugin: '@package-vm/nx', options: { rehearseVm: false } }] });
    updateJson(tree, 'package.json', (json: object) => ({ ...json, devDependencies: { '@package-vm/nx': 'file:../nx.tgz' } }));
    tree.write('.gitignore', '/dist/');
    await initGenerator(tree, quick);
    expect(plugins()).toEqual([{ plugin: '@package-vm/nx', options: { rehearseVm: false } }]);
    expect(tree.read('.gitignore', 'utf8')).toBe('/dist/');
    expect(readJson<{ devDependencies: object }>(tree, 'package.json').devDependencies).toEqual({ '@package-vm/nx': 'file:../nx.tgz' });
  });

  it.each([
    { reason: 'NX_ADD_PLUGINS is false', prepare: () => { process.env.NX_ADD_PLUGINS = 'false'; }, options: {} },
    { reason: 'nx.json turns inference off', prepare: () => { updateNxJson(tree, { useInferencePlugins: false }); }, options: {} },
    { reason: 'it is told so', prepare: () => undefined, options: { addPlugin: false } },
  ])('leaves nx.json alone when $reason', async ({ prepare, options }) => {
    prepare();
    await initGenerator(tree, { ...quick, ...options });
    expect(plugins()).toBeUndefined();
  });
});

describe('prover', () => {
  it('creates crate, manifest, workspace and lock file, once', async () => {
    await proverGenerator(tree, { ...quick, directory: 'crates/my-prover' });
    const once = texts();
    await proverGenerator(tree, { ...quick, directory: 'crates/my-prover/' });
    expect(texts()).toEqual(once);
    expect(Object.keys(once)).toEqual(expect.arrayContaining(['Cargo.toml', 'Cargo.lock', 'crates/my-prover/Cargo.toml', 'crates/my-prover/src/main.rs', 'crates/my-prover/vm.json']));
    expect(readJson(tree, 'crates/my-prover/vm.json')).toMatchObject({ Program: 'my-prover', Mounts: { '%0': '/workspace' } });
    expect(tree.read('Cargo.toml', 'utf8')).toBe('[workspace]\nmembers = ["crates/my-prover"]\nresolver = "2"\n');
    expect(tree.read('.gitignore', 'utf8')).toMatch(/^target$/m);
  });

  it('leaves crates that stand by themselves out of a new cargo workspace', async () => {
    tree.write('tools/alone/Cargo.toml', '[package]\nname = "alone"\nversion = "0.1.0"\n');
    await proverGenerator(tree, { ...quick, directory: 'crates/my-prover' });
    expect(tree.read('Cargo.toml', 'utf8')).toBe('[workspace]\nmembers = ["crates/my-prover"]\nresolver = "2"\nexclude = ["tools/alone"]\n');
  });

  it('joins the cargo workspace around it', async () => {
    tree.write('rust/Cargo.toml', '[workspace]\nmembers = [\n  "a", # old\n]\n');
    tree.write('rust/Cargo.lock', 'version = 4\n\n[[package]]\nname = "a"\nversion = "0.1.0"\n');
    await proverGenerator(tree, { ...quick, directory: 'rust/b', name: 'second' });
    expect(tree.read('rust/Cargo.toml', 'utf8')).toBe('[workspace]\nmembers = [\n  "a", # old\n  "b",\n]\n');
    expect(tree.read('rust/Cargo.lock', 'utf8')).toContain('name = "second"');
    expect(tree.read('rust/b/Cargo.toml', 'utf8')).toContain('name = "second"');
    expect(tree.exists('Cargo.toml')).toBe(false);
  });

  it.each(['.', '..', '../x', '/x'])('refuses the folder `%s`', async (directory) => {
    await expect(proverGenerator(tree, { ...quick, directory })).rejects.toMatchObject({ code: 'PVM_BAD_USAGE' });
  });
});

describe('the name of a prover', () => {
  const crate = (name: string, rest = ''): string => `[package]\nname = "${name}"\nversion = "0.1.0"\n${rest}`;
  const locked = (rest = ''): string => `version = 4\n\n[[package]]\nname = "my-prover"\nversion = "0.1.0"\n${rest}`;
  const workspace = '[workspace]\nmembers = ["a"]\nexclude = ["old"]\n';

  it.each([
    { reason: 'a space', directory: 'provers/Other Prover', message: 'expected letters' },
    { reason: 'a digit first', directory: 'provers/2nd', message: '`2nd`' },
    { reason: 'a `-` first', directory: 'provers/-a', message: 'expected letters' },
    { reason: 'a dot', directory: 'provers/a.b', message: 'expected letters' },
    { reason: 'nothing', directory: 'provers/a', name: '', message: 'expected letters' },
    { reason: 'a folder of cargo', directory: 'provers/build', message: 'folder of its own' },
    { reason: 'a keyword', directory: 'provers/a', name: 'async', message: 'keyword' },
    { reason: 'a library of Rust', directory: 'test', message: 'library' },
  ])('is refused with $reason, before anything is written', async ({ message, ...options }) => {
    const before = texts();
    await expect(proverGenerator(tree, { ...quick, ...options })).rejects.toMatchObject({ code: 'PVM_BAD_USAGE', message: expect.stringContaining(message) as string, hint: 'Give another with `--name`.' });
    expect(texts()).toEqual(before);
  });

  it.each(['_a', 'a-', 'A2', 'été', 'core', 'tests', 'Build'])('may be `%s`', async (name) => {
    await proverGenerator(tree, { ...quick, directory: 'provers/x', name });
    expect(tree.read('provers/x/Cargo.toml', 'utf8')).toContain(`name = "${name}"`);
  });

  it.each([
    { reason: 'a member', files: { 'Cargo.toml': workspace, 'a/Cargo.toml': crate('my-prover') }, path: 'a/Cargo.toml' },
    { reason: 'the package of the workspace', files: { 'Cargo.toml': crate('my-prover', workspace) }, path: 'Cargo.toml' },
    { reason: 'a package that becomes a workspace', files: { 'Cargo.toml': crate('my-prover') }, path: 'Cargo.toml' },
    { reason: 'a member below what is left out', files: { 'Cargo.toml': workspace.replace('"a"', '"./old/a"'), 'old/a/Cargo.toml': crate('my-prover') }, path: 'old/a/Cargo.toml' },
    { reason: 'a crate that a member depends on', files: { 'Cargo.toml': workspace, 'Cargo.lock': locked(), 'old/Cargo.toml': crate('my-prover') }, path: 'old/Cargo.toml' },
  ])('is refused when $reason has it', async ({ files, path }) => {
    for (const [file, text] of Object.entries(files)) tree.write(file, text);
    const before = texts();
    await expect(proverGenerator(tree, { ...quick, directory: 'provers/x', name: 'my-prover' })).rejects.toMatchObject({ code: 'PVM_BAD_USAGE', message: expect.stringContaining(`in \`${path}\``) as string });
    expect(texts()).toEqual(before);
  });

  it.each([
    { reason: 'a crate that is left out', files: { 'Cargo.toml': workspace, 'old/Cargo.toml': crate('my-prover') } },
    { reason: 'a crate of another workspace', files: { 'Cargo.toml': workspace, 'b/Cargo.toml': '[workspace]\nmembers = ["c"]\n', 'b/c/Cargo.toml': crate('my-prover') } },
    { reason: 'a crate that stands by itself', files: { 'old/Cargo.toml': crate('my-prover') } },
    { reason: 'a package from a registry', files: { 'Cargo.toml': workspace, 'Cargo.lock': locked('source = "registry"\n') } },
    { reason: 'a crate that is gone', files: { 'Cargo.toml': workspace, 'Cargo.lock': locked() } },
    { reason: 'a program', files: { 'Cargo.toml': workspace, 'a/Cargo.toml': crate('a', '[[bin]]\nname = "my-prover"\n') } },
  ])('may be that of $reason', async ({ files }) => {
    for (const [file, text] of Object.entries(files)) tree.write(file, text);
    await proverGenerator(tree, { ...quick, directory: 'provers/my-prover' });
    expect(tree.exists('provers/my-prover/vm.json')).toBe(true);
  });

  it('does not matter where the crate is there', async () => {
    tree.write('provers/2nd/Cargo.toml', crate('second'));
    await proverGenerator(tree, { ...quick, directory: 'provers/2nd' });
    expect(plugins()).toEqual(['@package-vm/nx']);
  });
});

describe('manifest', () => {
  it.each([
    { reason: 'the package', toml: '[package]\nname = "my-prover"', options: {}, path: 'a/vm.json', program: 'my-prover' },
    { reason: 'its only bin', toml: '[package]\nname = "x"\n[[bin]]\nname = "y"', options: {}, path: 'a/vm.json', program: 'y' },
    { reason: 'one of several bins', toml: '[package]\nname = "x"\n[[bin]]\nname = "y"\n[[bin]]\nname = "z"', options: { program: 'z' }, path: 'a/z.vm.json', program: 'z' },
    { reason: 'a bin that cargo finds', toml: '[package]\nname = "x"', options: { program: 'tool' }, path: 'a/tool.vm.json', program: 'tool' },
  ])('creates one for $reason, once', async ({ toml, options, path, program }) => {
    tree.write('a/Cargo.toml', toml);
    await manifestGenerator(tree, { ...quick, directory: 'a', ...options });
    expect(readJson(tree, path)).toMatchObject({ Program: program });
    tree.write(path, '{}\n');
    await manifestGenerator(tree, { ...quick, directory: 'a', ...options });
    expect(tree.read(path, 'utf8')).toBe('{}\n');
    expect(plugins()).toEqual(['@package-vm/nx']);
  });

  it.each([{ reason: 'no Cargo.toml', toml: undefined }, { reason: 'no package', toml: '[workspace]' }])('refuses a folder with $reason', async ({ toml }) => {
    if (toml !== undefined) tree.write('a/Cargo.toml', toml);
    await expect(manifestGenerator(tree, { ...quick, directory: 'a' })).rejects.toMatchObject({ code: 'PVM_NO_CARGO_PACKAGE' });
  });
});

describe('what the manifest generator is given', () => {
  it.each([
    { reason: 'a folder outside the Nx workspace', toml: '[package]\nname = "x"', options: { directory: '../a' }, code: 'PVM_BAD_USAGE' },
    { reason: 'an absolute folder', toml: '[package]\nname = "x"', options: { directory: '/a' }, code: 'PVM_BAD_USAGE' },
    { reason: 'a program that leads to another folder', toml: '[package]\nname = "x"', options: { directory: 'a', program: '../x' }, code: 'PVM_BAD_USAGE' },
    { reason: 'a program without a name', toml: '[package]\nname = "x"', options: { directory: 'a', program: '' }, code: 'PVM_BAD_USAGE' },
    { reason: 'a Cargo.toml that is no TOML', toml: '[package', options: { directory: 'a' }, code: 'PVM_BAD_CARGO_MANIFEST' },
  ])('is refused when it is $reason', async ({ toml, options, code }) => {
    tree.write('a/Cargo.toml', toml);
    const before = texts();
    await expect(manifestGenerator(tree, { ...quick, ...options })).rejects.toMatchObject({ code });
    expect(texts()).toEqual(before);
  });

  it('may be the Nx workspace itself', async () => {
    tree.write('Cargo.toml', '[package]\nname = "x"');
    await manifestGenerator(tree, { ...quick, directory: './' });
    expect(readJson(tree, 'vm.json')).toMatchObject({ Program: 'x' });
  });
});

describe('the errors that Nx prints', () => {
  it('have code and hint in the message', async () => {
    await expect(proverForNx(tree, { ...quick, directory: '../x' })).rejects.toThrow(/^PVM_BAD_USAGE: `\.\.\/x` is no folder of .*\nHint: Name one such as/);
    await expect(manifestForNx(tree, { ...quick, directory: 'a' })).rejects.toThrow(/^PVM_NO_CARGO_PACKAGE: .*\nHint: /);
  });

  it('are those of Nx as they were', async () => {
    tree.write('package.json', '{');
    await expect(proverForNx(tree, { ...quick, directory: 'crates/x' })).rejects.toThrow(/^Cannot parse package\.json/);
  });
});

describe('the collections', () => {
  it.each(['generators', 'executors'] as const)('describe every option of the %s', (collection) => {
    const entries = (JSON.parse(readFileSync(`packages/nx/${collection}.json`, 'utf8')) as Record<string, Record<string, { schema: string }>>)[collection];
    for (const { schema } of Object.values(entries ?? {})) {
      const { properties, additionalProperties } = JSON.parse(readFileSync(`packages/nx/${schema}`, 'utf8')) as { properties: Record<string, { description?: string }>; additionalProperties: boolean };
      expect(additionalProperties).toBe(false);
      for (const { description } of Object.values(properties)) expect(description).toMatch(/\.$|\?$/);
    }
  });
});
