import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, rmSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { standInOps } from '../packages/ops/src/testing/stand-in-ops.js';
import { crate, manifest } from './crate-files.js';
import { describeWith, isMissing } from './needs.js';
import { type NxRun, NxWorkspace } from './nx-workspace.js';

/** The packed packages in a fresh Nx workspace with a Rust workspace: what a user sees. Needs cargo, and an assembler for the placeholder release. */

const locked = (...names: readonly string[]): string => `version = 4\n${names.map((name) => `\n[[package]]\nname = "${name}"\nversion = "0.1.0"\n${name === 'prover' ? 'dependencies = [\n "field",\n]\n' : ''}`).join('')}`;
const main = (text: string): string => `fn main() {\n    println!("{}", ${text});\n}\n`;

const FILES = {
  'README.md': 'A workspace\n',
  'Cargo.toml': '[workspace]\nresolver = "2"\nmembers = ["crates/*"]\n',
  'Cargo.lock': locked('field', 'named', 'other', 'pair', 'prover', 'twin-a', 'twin-b'),
  'crates/prover/Cargo.toml': crate('prover', '[dependencies]\nfield = { path = "../field" }'),
  'crates/prover/src/main.rs': main('field::name()'),
  'crates/prover/vm.json': manifest('prover', { Files: ['data/key.bin'], Dirs: ['assets'] }),
  'crates/prover/data/key.bin': 'key',
  'crates/prover/assets/a.txt': 'a',
  'crates/field/Cargo.toml': crate('field'),
  'crates/field/src/lib.rs': 'pub fn name() -> &\'static str {\n    "field"\n}\n',
  'crates/other/Cargo.toml': crate('other'),
  'crates/other/src/lib.rs': '',
  'crates/pair/Cargo.toml': crate('pair'),
  'crates/pair/src/bin/prove.rs': main('"prove"'),
  'crates/pair/src/bin/verify.rs': main('"verify"'),
  'crates/pair/prove.vm.json': manifest('prove'),
  'crates/pair/verify.vm.json': manifest('verify'),
  'crates/twin-a/Cargo.toml': crate('twin-a', '[[bin]]\nname = "twin"\npath = "src/main.rs"\n[package.metadata.package-vm]\nmanifest = "vm.json"'),
  'crates/twin-a/src/main.rs': main('"this is twin a"'),
  'crates/twin-a/vm.json': manifest('twin'),
  'crates/twin-b/Cargo.toml': crate('twin-b', '[[bin]]\nname = "twin"\npath = "src/main.rs"'),
  'crates/twin-b/src/main.rs': main('"this is twin b"'),
  'crates/twin-b/vm.json': manifest('twin'),
  'crates/named/Cargo.toml': crate('named', '[package.metadata.package-vm]\nmanifest = "../../run/named_program.json"\nbase = "../../run"'),
  'crates/named/src/main.rs': main('"named"'),
  'run/named_program.json': manifest('named', { Files: ['keys/n.bin'] }),
  'run/keys/n.bin': 'n',
  'elsewhere/Cargo.toml': '[workspace]\nmembers = ["tool"]\n',
  'elsewhere/Cargo.lock': locked('tool'),
  'elsewhere/tool/Cargo.toml': crate('tool'),
  'elsewhere/tool/src/main.rs': main('"tool"'),
  'elsewhere/tool/vm.json': manifest('tool'),
};

describeWith(['cargo', 'as'], 'an Nx workspace', () => {
  let workspace: NxWorkspace;
  const toolchain = isMissing('rustc') ? '' : execFileSync('rustc', ['-vV'], { encoding: 'utf8' }).split('\n')[0]?.split(' ')[1] ?? '';

  beforeAll(() => {
    workspace = new NxWorkspace();
    workspace.isolatesPlugins = true;
    workspace.prepare(FILES);
  });
  afterAll(() => {
    workspace.remove();
  });

  afterEach(() => {
    workspace.git('checkout', '-q', 'crates', 'run', 'elsewhere', '.gitignore');
  });

  it('has projects, targets and edges from its Cargo.toml files and manifests', () => {
    workspace.nx('graph --file=graph.json');
    const { graph } = JSON.parse(workspace.read('graph.json')) as { graph: { nodes: Record<string, { data: { targets: object } }>; dependencies: Record<string, readonly { target: string }[]> } };
    unlinkSync(join(workspace.root, 'graph.json'));
    expect(Object.keys(graph.nodes).sort()).toEqual(['field', 'named', 'other', 'pair', 'prover', 'tool', 'twin-a', 'twin-b']);
    expect(graph.dependencies.prover?.map(({ target }) => target)).toEqual(['field']);
    expect(Object.keys(graph.nodes.pair?.data.targets ?? {})).toEqual(expect.arrayContaining(['package-vm', 'package-vm--prove', 'package-vm--verify']));
  });

  it('packages a prover, from a subfolder too; the second time from the cache, with every byte restored', () => {
    const first = workspace.nx('run prover:package-vm', {}, 'crates/prover/src');
    expect(first).toMatchObject({ exitCode: 0, output: expect.stringMatching(/^Bootable image file:dist\/package-vm\/crates\/prover\/prover\/image\/prover\.img$/m) as unknown });
    expect([first.task('prover:cargo-build'), first.task('prover:package-vm')]).toEqual(['miss', 'miss']);
    const made = workspace.digests('dist');
    expect(Object.keys(made)).toEqual(expect.arrayContaining(['dist/package-vm/crates/prover/prover/image/prover.img', 'dist/package-vm/crates/prover/prover/image/prover.img.json']));
    rmSync(join(workspace.root, 'dist'), { recursive: true });
    const second = workspace.nx('run prover:package-vm');
    expect([second.task('prover:cargo-build'), second.task('prover:package-vm')]).toEqual(['hit', 'hit']);
    expect(workspace.digests('dist')).toEqual(made);
  });

  it('makes the image that the command line makes', () => {
    expect(workspace.run('package-vm', ['build', 'crates/prover', '-o', 'by-hand/prover.img', '--nanos-dir', 'nanos'])).toMatchObject({ exitCode: 0 });
    const { 'by-hand/prover.img': byHand, 'by-hand/prover.img.json': result } = workspace.digests('by-hand');
    const throughNx = workspace.digests('dist/package-vm/crates/prover/prover/image');
    rmSync(join(workspace.root, 'by-hand'), { recursive: true });
    expect(Object.values(throughNx)).toEqual([byHand, result]);
  });

  describe('asked again after a change', () => {
    beforeAll(() => {
      expect(workspace.nx('run named:package-vm').failure).toBe('');
    });

    const both = (program: string, image: string): object => ({ 'prover:cargo-build': program, 'prover:package-vm': image });

    it.each<{ reason: string; project?: string; files?: Record<string, string>; env?: Record<string, string>; expected: object }>([
      { reason: 'nothing', expected: both('hit', 'hit') },
      { reason: 'the root README', files: { 'README.md': 'changed' }, expected: both('hit', 'hit') },
      { reason: 'an unrelated crate', files: { 'crates/other/src/lib.rs': '// changed' }, expected: both('hit', 'hit') },
      { reason: 'tokens, jobs and colours', env: { CARGO_REGISTRY_TOKEN: 'x', CARGO_BUILD_JOBS: '1', CARGO_TERM_COLOR: 'always' }, expected: both('hit', 'hit') },
      { reason: 'the source', files: { 'crates/prover/src/main.rs': main('field::name().len()') }, expected: both('miss', 'miss') },
      { reason: 'a path dependency', files: { 'crates/field/src/lib.rs': 'pub fn name() -> &\'static str {\n    "other field"\n}\n' }, expected: both('miss', 'miss') },
      { reason: 'the manifest', files: { 'crates/prover/vm.json': manifest('prover', { Files: ['data/key.bin'], Dirs: ['assets'], Env: { A: '1' } }) }, expected: both('hit', 'miss') },
      // it lies in the crate's folder, so the program may be made of it too
      { reason: 'a file that the manifest names', files: { 'crates/prover/data/key.bin': 'another key' }, expected: both('miss', 'miss') },
      { reason: 'a file in a folder that the manifest names', files: { 'crates/prover/assets/b.txt': 'b' }, expected: both('miss', 'miss') },
      { reason: 'a file elsewhere that the manifest names', project: 'named', files: { 'run/keys/n.bin': 'm' }, expected: { 'named:cargo-build': 'hit', 'named:package-vm': 'miss' } },
      { reason: 'the settings', files: { 'crates/prover/Cargo.toml': `${FILES['crates/prover/Cargo.toml']}[package.metadata.package-vm]\nresources = { cpus = 4 }\n` }, expected: both('miss', 'miss') },
      // the program comes out the same, and so does the image
      { reason: 'the lock file', files: { 'crates/added/Cargo.toml': crate('added'), 'crates/added/src/lib.rs': '', 'Cargo.lock': locked('added', 'field', 'named', 'other', 'pair', 'prover', 'twin-a', 'twin-b') }, expected: both('miss', 'hit') },
      { reason: 'a profile in the root Cargo.toml', files: { 'Cargo.toml': `${FILES['Cargo.toml']}[profile.release]\ndebug = 1\n` }, expected: both('miss', 'miss') },
      { reason: 'cargo’s configuration', files: { '.cargo/config.toml': '[profile.release]\nopt-level = 1\n' }, expected: { 'prover:cargo-build': 'miss' } },
      { reason: 'RUSTFLAGS', env: { RUSTFLAGS: '-C debuginfo=2' }, expected: both('miss', 'miss') },
      { reason: 'the Nanos lock', files: { 'nanos.lock.json': 'LOCK' }, expected: both('hit', 'miss') },
      { reason: 'an npm package that is none of ours', files: { 'package-lock.json': 'OTHER' }, expected: both('hit', 'hit') },
      { reason: 'our own version', files: { 'package-lock.json': 'OURS' }, expected: { 'prover:package-vm': 'miss' } },
    ])('of $reason: $expected', ({ project = 'prover', files = {}, env = {}, expected }) => {
      const before = Object.fromEntries(Object.keys(files).map((path) => [path, existsSync(join(workspace.root, path)) ? workspace.read(path) : undefined]));
      const edited = Object.fromEntries(Object.entries(files).map(([path, text]) => [path, SPECIAL[text]?.(workspace.read(path)) ?? text]));
      workspace.write(edited);
      try {
        const run = workspace.nx(`run ${project}:package-vm`, env);
        expect({ failure: run.failure, ...Object.fromEntries(Object.keys(expected).map((name) => [name, run.task(name)])) }).toEqual({ failure: '', ...expected });
      } finally {
        for (const [path, text] of Object.entries(before)) {
          if (text === undefined) unlinkSync(join(workspace.root, path));
          else workspace.write({ [path]: text });
        }
        rmSync(join(workspace.root, 'crates/added'), { recursive: true, force: true });
      }
    });

    it('of the toolchain: a miss', () => {
      workspace.write({ 'rust-toolchain.toml': `[toolchain]\nchannel = "${toolchain}"\n` });
      const run = workspace.nx('run prover:cargo-build', { RUSTUP_AUTO_INSTALL: '0' });
      unlinkSync(join(workspace.root, 'rust-toolchain.toml'));
      expect(run.task('prover:cargo-build')).toBe('miss');
    });
  });

  it('has the same keys and bytes in a clone in another place, so that a shared cache serves both', () => {
    const clone = workspace.clone();
    try {
      const run = clone.nx('run prover:package-vm');
      expect([run.failure, clone.cacheKeys().length]).toEqual(['', 2]);
      expect(workspace.cacheKeys()).toEqual(expect.arrayContaining([...clone.cacheKeys()]));
      expect(workspace.digests('dist/package-vm/crates/prover')).toEqual(clone.digests('dist/package-vm/crates/prover'));
      expect(run.output).not.toMatch(/^(Bundle|Bootable image file):\//m);
    } finally {
      clone.remove();
    }
  });

  it('lets a half-typed file disturb nothing but its own crate', () => {
    const half = { 'crates/pair/prove.vm.json': '{ "Program": ', 'elsewhere/tool/Cargo.toml': '[package]\nname = "tool"\nversion = ' };
    workspace.write(half);
    expect(workspace.nx('run prover:package-vm').failure).toBe('');
    expect(workspace.nx('run pair:package-vm--verify').failure).toBe('');
    expect(workspace.nx('run pair:check-manifest--prove')).toMatchObject({ exitCode: 1, output: expect.stringMatching(/crates\/pair\/prove\.vm\.json:1:\d+ error .*\n *1 │ \{ "Program": *\n *│ +\^/) as unknown });
    // Nx 23 says 130 when another Nx task could not follow, Nx 24 says 1
    const run = workspace.nx('run tool:package-vm');
    expect([1, 130]).toContain(run.exitCode);
    expect(run).toMatchObject({ output: expect.stringContaining('elsewhere/tool/Cargo.toml') as unknown });
    // cargo builds nothing in a cargo workspace with such a member, but says which; what is in the cache is still there
    workspace.write({ 'crates/other/Cargo.toml': '[package]\nname = ' });
    expect(workspace.nx('run prover:package-vm').task('prover:package-vm')).toBe('hit');
    expect(workspace.nx('run twin-a:cargo-build')).toMatchObject({ exitCode: 1, output: expect.stringContaining('other/Cargo.toml:2:8') as unknown });
  });

  it('packages many crates at once, and never swaps programs of one name', () => {
    const outputs: string[] = [];
    for (let round = 0; round < 3; round += 1) {
      workspace.write({ 'crates/twin-a/src/main.rs': main(`"this is twin a, ${round}"`), 'crates/twin-b/src/main.rs': main(`"this is twin b, ${round}"`) });
      const run = workspace.nx('run-many -t package-vm --parallel=4 --output-style=static');
      outputs.push(run.output);
      expect(run.failure).toBe('');
      expect(['tool:package-vm', 'named:package-vm', 'pair:package-vm--prove', 'pair:package-vm--verify', 'twin-a:package-vm'].map(run.task)).not.toContain('absent');
      for (const twin of ['a', 'b']) {
        expect(workspace.run('package-vm', ['cat', `dist/package-vm/crates/twin-${twin}/twin-${twin}/image/twin.img`, '/twin']).output).toContain(`this is twin ${twin}, ${round}`);
      }
    }
    expect(outputs.join('')).toContain('Waiting for another build in `target`');
  });

  it('knows what a change affects', () => {
    workspace.write({ 'crates/field/src/lib.rs': `${FILES['crates/field/src/lib.rs']}// changed\n` });
    const { output } = workspace.nx('show projects --affected --base=main --json');
    expect((JSON.parse(output) as string[]).sort()).toEqual(['field', 'prover']);
  });

  it('refuses an image with a Nanos release that is not locked, since Nx would not see it change', () => {
    workspace.write({ 'unlocked/kernel.img': 'another kernel' });
    copyFileSync(join(workspace.root, 'nanos/boot.img'), join(workspace.root, 'unlocked/boot.img'));
    const run = workspace.nx('run prover:package-vm --nanosDir=unlocked');
    expect(run).toMatchObject({ exitCode: 1, output: expect.stringContaining('PVM_NANOS_NOT_LOCKED') as unknown });
    expect(existsSync(join(workspace.root, 'dist/package-vm/crates/prover/prover/image/prover.img'))).toBe(false);
  });

  it('builds with the real ops where nx.json says so, and again after an update of it', () => {
    expect(workspace.nx('run prover:package-vm').failure).toBe('');
    copyFileSync(join(workspace.root, 'dist/package-vm/crates/prover/prover/image/prover.img'), join(workspace.root, 'made.img'));
    const copy = `cat '${join(workspace.root, 'made.img')}' > ../home/.ops/images/image; echo 'Bootable image file:x'`;
    const withOps = (version: string, args = ''): NxRun => {
      standInOps(join(workspace.root, 'ops-bin'), { version, build: copy });
      return workspace.nx(`run prover:package-vm${args}`, { PATH: `${join(workspace.root, 'ops-bin')}:${process.env.PATH ?? ''}` });
    };
    const unseen = withOps('0.1.45', ' --engine=ops');
    expect(unseen).toMatchObject({ exitCode: 1, output: expect.stringContaining('"options": { "packageVm": { "engine": "ops" } }') as unknown });
    const nxJson = JSON.parse(workspace.read('nx.json')) as object;
    workspace.write({ 'nx.json': JSON.stringify({ ...nxJson, plugins: [{ plugin: '@package-vm/nx', options: { packageVm: { engine: 'ops' } } }] }) });
    expect(withOps('0.1.45').failure).toBe('');
    expect(JSON.parse(workspace.read('dist/package-vm/crates/prover/prover/image/prover.img.json'))).toMatchObject({ engine: 'ops', engineVersion: '0.1.45' });
    expect(withOps('0.1.45').task('prover:package-vm')).toBe('hit');
    expect(withOps('0.1.46').task('prover:package-vm')).toBe('miss');
    workspace.write({ 'nx.json': JSON.stringify(nxJson) });
    for (const path of ['ops-bin', 'made.img']) rmSync(join(workspace.root, path), { recursive: true });
  });

  it('knows an edit of our built files, for where we are linked and have no version', () => {
    const file = 'node_modules/@package-vm/manifest/dist/index.js';
    const digest = (): string => workspace.run(process.execPath, ['node_modules/@package-vm/nx/dist/fingerprint.js', 'self']).output;
    const [before, text] = [digest(), workspace.read(file)];
    expect([before, digest()]).toEqual([expect.stringMatching(/^[0-9a-f]{64}\n$/), before]);
    workspace.write({ [file]: `${text}// edited` });
    expect(digest()).not.toBe(before);
    workspace.write({ [file]: text });
  });

  it('loads neither zod nor execa nor all of the devkit to compute the graph', () => {
    workspace.write({ 'hooks.mjs': HOOKS, 'loaded.mjs': LOADED });
    const { output } = workspace.run(process.execPath, ['loaded.mjs']);
    for (const path of ['hooks.mjs', 'loaded.mjs']) unlinkSync(join(workspace.root, path));
    const packages = [...new Set(output.split('\n').flatMap((url) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1] ?? []))];
    expect(packages.sort()).toEqual(['@package-vm/errors', '@package-vm/nx', 'package-vm', 'smol-toml']);
  });

  const waitsForQemu = isMissing('qemu-system-x86_64') ? ' (waits for QEMU: apt-get install qemu-system-x86)' : '';
  (waitsForQemu === '' ? it : it.skip)(`boots an image in QEMU and prints the exit code${waitsForQemu}`, () => {
    const run = workspace.nx('run pair:run-vm--prove --accel=tcg --memoryMiB=64 --timeoutSeconds=60');
    expect(run.output).toMatch(/^kernel: placeholder: the layout is sound$[^]*^Exit code:134$/m);
    expect(run.failure).not.toBe('');
  });

  it('generates a prover that builds, packages and rehearses at once, and changes nothing the second time', () => {
    expect(workspace.nx('g @package-vm/nx:prover crates/fresh').failure).toBe('');
    const made = [...Object.keys(FILES), 'nx.json', '.gitignore', 'crates/fresh/vm.json', 'crates/fresh/src/main.rs'].map((path) => [path, workspace.read(path)]);
    workspace.nx('g @package-vm/nx:prover crates/fresh');
    workspace.nx('g @package-vm/nx:init');
    workspace.nx('g @package-vm/nx:manifest crates/fresh');
    expect(made.map(([path = '']) => [path, workspace.read(path)])).toEqual(made);
    workspace.write({ 'task.json': '{"id": "t-1", "args": ["Nanos \\"and\\" Nx"], "files": []}' });
    const run = workspace.nx('run fresh:rehearse-vm --task=task.json');
    unlinkSync(join(workspace.root, 'task.json'));
    expect(run.failure).toBe('');
    expect(run.output).toEqual(expect.stringContaining('Result: Ok, 22 bytes of data'));
  });
});

/** Prints the URL of each module that is loaded for the plugin. */
const HOOKS = `import { writeSync } from 'node:fs';
export async function load(url, context, next) {
  writeSync(1, url + '\\n');
  return next(url, context);
}
`;
const LOADED = `import { createRequire, register } from 'node:module';
register('./hooks.mjs', import.meta.url);
const { createNodes } = await import('@package-vm/nx');
await createNodes[1](['crates/prover/Cargo.toml', 'crates/prover/vm.json'], { runVm: false }, { workspaceRoot: process.cwd() });
console.log(Object.keys(createRequire(import.meta.url).cache).join('\\n'));
`;

/** Edits that start from what is there. */
const SPECIAL: Readonly<Record<string, ((text: string) => string) | undefined>> = {
  LOCK: (text) => {
    const lock = JSON.parse(text) as { releases: { placeholder: object } };
    return JSON.stringify({ ...lock, releases: { ...lock.releases, '0.1.54': lock.releases.placeholder } });
  },
  OTHER: (text) => withOtherIntegrity(text, 'another-package'),
  OURS: (text) => withOtherIntegrity(text, 'package-vm'),
};

function withOtherIntegrity(text: string, name: string): string {
  const lock = JSON.parse(text) as { packages: Record<string, object> };
  const path = `node_modules/${name}`;
  return JSON.stringify({ ...lock, packages: { ...lock.packages, [path]: { ...lock.packages[path], version: '0.0.1', integrity: `sha512-${'A'.repeat(86)}==` } } });
}
