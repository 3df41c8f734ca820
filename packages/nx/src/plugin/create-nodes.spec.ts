import type { ProjectConfiguration } from '@nx/devkit';
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { createDependencies } from './create-dependencies.js';
import { createNodes, createNodesV2 } from './create-nodes.js';
import { inferProjects } from './infer-projects.js';
import type { Inference } from './remembered-inference.js';
import type { PluginOptions } from './plugin-options.js';
import { addFiles, crate, removeTrees, smallWorkspace, temporaryTree } from './testing/temporary-tree.js';

afterAll(removeTrees);

const byRoot = ({ projects }: Inference): ReadonlyMap<string, ProjectConfiguration> => new Map(projects.map((project) => [project.root, project]));

function infer(files: Readonly<Record<string, string>>, options?: PluginOptions): ReadonlyMap<string, ProjectConfiguration> {
  const root = temporaryTree(files);
  return byRoot(inferProjects(matched(files), options, root));
}

function matched(files: Readonly<Record<string, string>>): readonly string[] {
  return Object.keys(files).filter((path) => /(^|\/)(Cargo\.toml|vm\.json|.*\.vm\.json)$/.test(path));
}

function targetNamesOf(project: ProjectConfiguration | undefined): readonly string[] {
  return Object.keys(project?.targets ?? {});
}

function names(projects: ReadonlyMap<string, ProjectConfiguration>): Readonly<Record<string, string | undefined>> {
  return Object.fromEntries([...projects].map(([root, { name }]) => [root, name]));
}

describe('inferred projects', () => {
  it('are the members of a workspace; those with a manifest have the five targets', () => {
    const projects = infer(smallWorkspace);
    expect(names(projects)).toEqual({ 'crates/field': 'field', 'crates/other': 'other', 'crates/pair': 'pair', 'crates/prover': 'prover' });
    expect(targetNamesOf(projects.get('crates/prover'))).toEqual(['cargo-build', 'package-vm', 'check-manifest', 'rehearse-vm', 'run-vm']);
    expect(targetNamesOf(projects.get('crates/field'))).toEqual([]);
  });

  it('have targets per program, and aggregates, for two manifests', () => {
    const pair = infer(smallWorkspace).get('crates/pair');
    expect([...targetNamesOf(pair)].sort()).toEqual([
      'cargo-build', 'cargo-build--prove', 'cargo-build--verify', 'check-manifest', 'check-manifest--prove', 'check-manifest--verify',
      'package-vm', 'package-vm--prove', 'package-vm--verify', 'rehearse-vm--prove', 'rehearse-vm--verify', 'run-vm--prove', 'run-vm--verify',
    ]);
    expect(pair?.targets?.['package-vm']).toMatchObject({ executor: 'nx:noop', dependsOn: ['package-vm--prove', 'package-vm--verify'] });
    expect(pair?.targets?.['package-vm--prove']).toMatchObject({
      dependsOn: ['cargo-build--prove'],
      options: { manifest: 'crates/pair/prove.vm.json', outputPath: 'dist/package-vm/crates/pair/prove/image' },
    });
  });

  it('have targets renamed and switched off by the options', () => {
    const projects = infer(smallWorkspace, { cargoBuild: { targetName: 'build-program' }, packageVm: { targetName: 'image' }, rehearseVm: false, runVm: { targetName: 'boot' } });
    const targets = projects.get('crates/prover')?.targets;
    expect(Object.keys(targets ?? {})).toEqual(['build-program', 'image', 'check-manifest', 'boot']);
    expect(targets?.image?.dependsOn).toEqual(['build-program']);
    expect(Object.keys(projects.get('crates/pair')?.targets ?? {})).toContain('image--verify');
  });

  it('hold the version of ops where it makes the images', () => {
    const target = infer(smallWorkspace, { packageVm: { engine: 'ops' } }).get('crates/prover')?.targets?.['package-vm'];
    expect(target).toMatchObject({ options: { engine: 'ops' }, inputs: expect.arrayContaining([{ runtime: expect.stringMatching(/fingerprint\.js" ops$/) as unknown }]) as unknown });
    expect(JSON.stringify(infer(smallWorkspace).get('crates/prover')?.targets?.['package-vm'])).not.toMatch(/engine|fingerprint\.js\\" ops/);
  });

  it('never cache an image whose program is built by nobody', () => {
    const targets = infer(smallWorkspace, { cargoBuild: false }).get('crates/prover')?.targets;
    expect(targets?.['package-vm']).toMatchObject({ cache: false, dependsOn: [] });
  });

  it.each([
    { reason: 'a crate by itself', files: { 'a/Cargo.toml': crate('a') }, expected: {} },
    { reason: 'a crate by itself with a manifest, and what it reaches', files: { 'a/Cargo.toml': crate('a', '[dependencies]\nb = { path = "../b" }'), 'a/vm.json': '{}', 'b/Cargo.toml': crate('b') }, expected: { a: 'a', b: 'b' } },
    { reason: 'a fixture with a workspace of its own inside a member', files: { 'Cargo.toml': '[workspace]\nmembers = ["a"]', 'a/Cargo.toml': crate('a'), 'a/tests/fixture/Cargo.toml': crate('fixture', '[workspace]') }, expected: { a: 'a' } },
    { reason: 'a vendored crate', files: { 'Cargo.toml': '[workspace]\nmembers = ["a"]\nexclude = ["vendor"]', 'a/Cargo.toml': crate('a'), 'vendor/v/Cargo.toml': crate('v') }, expected: { a: 'a' } },
    { reason: 'a workspace that a root workspace excludes', files: { 'Cargo.toml': '[workspace]\nmembers = ["a"]\nexclude = ["tools"]', 'a/Cargo.toml': crate('a'), 'tools/Cargo.toml': '[workspace]\nmembers = ["t"]', 'tools/t/Cargo.toml': crate('t') }, expected: { a: 'a', 'tools/t': 't' } },
    { reason: 'a manifest without a crate', files: { 'a/vm.json': '{}' }, expected: {} },
    { reason: 'two crates of one name', files: { 'x/Cargo.toml': '[workspace]\nmembers = ["cli", "lib"]', 'x/cli/Cargo.toml': crate('cli'), 'x/lib/Cargo.toml': crate('lib'), 'y/Cargo.toml': crate('cli', '[workspace]') }, expected: { 'x/cli': 'x-cli', 'x/lib': 'lib', y: 'y' } },
  ])('know $reason', ({ files, expected }) => {
    expect(names(infer(files))).toEqual(expected);
  });

  it('find manifests of other names and places through the settings', () => {
    const projects = infer({
      'a/Cargo.toml': `${crate('a')}\n[package.metadata.package-vm]\nmanifest = "../run/my_prover.json"\nbase = ".."\n`,
      'a/vm.json': '{}',
      'run/my_prover.json': '{"Files": ["keys/key.bin"]}',
    });
    expect(projects.get('a')?.targets?.['package-vm']).toMatchObject({
      options: { manifest: 'run/my_prover.json' },
      inputs: expect.arrayContaining(['{workspaceRoot}/run/my_prover.json', '{workspaceRoot}/keys/key.bin']) as unknown,
    });
  });

  it('find programs through the settings', () => {
    const settings = '[package.metadata.package-vm.programs]\nfirst = { manifest = "m/one.json" }\nsecond = { manifest = "m/two.json", base = "b" }\n';
    const targets = infer({ 'a/Cargo.toml': `${crate('a')}\n${settings}`, 'a/vm.json': '{}' }).get('a')?.targets;
    expect(targets?.['package-vm']?.dependsOn).toEqual(['package-vm--a', 'package-vm--first', 'package-vm--second']);
    expect(targets?.['check-manifest--first']?.options).toMatchObject({ manifest: 'a/m/one.json', program: 'first' });
  });

  it.each([
    { reason: 'a manifest', files: { 'crates/prover/vm.json': '{ "Files": ["data/key.bin", ' } },
    { reason: 'a Cargo.toml', files: { 'crates/prover/Cargo.toml': '[package]\nname = "prover"\nversion = \n[dependencies]\nfield = { path = "../field" }' } },
    { reason: 'the root Cargo.toml', files: { 'Cargo.toml': '[workspace]\nmembers = ["crates/*"]\nresolver = ' } },
  ])('keep their targets while $reason is half-typed', ({ files }) => {
    const whole = infer(smallWorkspace);
    const half = infer({ ...smallWorkspace, ...files });
    expect(names(half)).toEqual(names(whole));
    expect(targetNamesOf(half.get('crates/prover'))).toEqual(targetNamesOf(whole.get('crates/prover')));
    expect(half.get('crates/prover')?.targets?.['package-vm']?.inputs).toContain('{workspaceRoot}/crates/prover/data/key.bin');
  });
});

describe('inputs', () => {
  it('of a program are its sources, those it reaches, and what cargo reads around them', () => {
    const inputs = infer(smallWorkspace).get('crates/prover')?.targets?.['cargo-build']?.inputs;
    expect(inputs).toEqual(expect.arrayContaining([
      '{projectRoot}/**/*', '!{projectRoot}/vm.json', '{workspaceRoot}/crates/field/**/*', '{workspaceRoot}/Cargo.toml', '{workspaceRoot}/Cargo.lock',
      '{workspaceRoot}/crates/rust-toolchain.toml', '{workspaceRoot}/.cargo/config.toml', { externalDependencies: [] },
    ]));
    expect(JSON.stringify(inputs)).not.toContain('crates/other');
  });

  it('are without tests, benches and examples, where no build script may read them', () => {
    const tested = (files: Readonly<Record<string, string>>): readonly unknown[] => (infer({ ...smallWorkspace, ...files }).get('crates/prover')?.targets?.['cargo-build']?.inputs ?? []).filter((input) => JSON.stringify(input).includes('{tests,'));
    const [own, other] = ['!{projectRoot}/{tests,benches,examples}/**/*', '!{workspaceRoot}/crates/field/{tests,benches,examples}/**/*'];
    expect(tested({})).toEqual([own, other]);
    expect(tested({ 'crates/field/build.rs': '' })).toEqual([own]);
    expect(tested({ 'crates/prover/Cargo.toml': `${crate('prover').replace('edition', 'build = "make.rs"\nedition')}[dependencies]\nfield = { path = "../field" }` })).toEqual([other]);
    expect(tested({ 'crates/field/Cargo.toml': crate('field').replace('edition', 'build = false\nedition'), 'crates/field/build.rs': '' })).toEqual([own, other]);
  });

  it('of an image are the bundle, the manifest, what it names, settings and lock', () => {
    const inputs = infer(smallWorkspace).get('crates/prover')?.targets?.['package-vm']?.inputs;
    expect(inputs).toEqual(expect.arrayContaining([
      '{workspaceRoot}/crates/prover/vm.json', '{projectRoot}/Cargo.toml', '{workspaceRoot}/nanos.lock.json', { dependentTasksOutputFiles: '**/*' },
      '{workspaceRoot}/crates/prover/data/key.bin', '{workspaceRoot}/crates/prover/assets/**/*', '{workspaceRoot}/crates/prover/etc/conf/**/*',
    ]));
  });

  it('of an image are also what named links lead to', () => {
    const files = { 'a/Cargo.toml': crate('a'), 'a/vm.json': '{ "Files": ["link", "gone"], "Dirs": ["folder"] }', 'shared/real.bin': '', 'shared/sub/x': '' };
    const root = temporaryTree(files);
    symlinkSync('../shared/real.bin', join(root, 'a/link'));
    symlinkSync('../shared/sub', join(root, 'a/folder'));
    symlinkSync('/etc/passwd', join(root, 'a/gone'));
    const inputs = byRoot(inferProjects(matched(files), {}, root)).get('a')?.targets?.['package-vm']?.inputs;
    expect(inputs).toEqual(expect.arrayContaining(['{workspaceRoot}/a/link', '{workspaceRoot}/shared/real.bin', '{workspaceRoot}/shared/sub/**/*']));
    expect(JSON.stringify(inputs)).not.toContain('passwd');
  });

  it('leave out crates below a needed one that are not needed', () => {
    const files = {
      'Cargo.toml': `${crate('root')}\n[workspace]\nmembers = ["a", "b", "b/inner"]\n`,
      'a/Cargo.toml': crate('a', '[dependencies]\nroot = { path = ".." }\nb = { path = "../b" }'), 'a/vm.json': '{}',
      'b/Cargo.toml': crate('b'), 'b/inner/Cargo.toml': crate('inner'),
    };
    const inputs = infer(files).get('a')?.targets?.['cargo-build']?.inputs;
    expect(inputs).toEqual(expect.arrayContaining(['{workspaceRoot}/**/*', '!{workspaceRoot}/b/inner/**/*', '!{workspaceRoot}/target/**/*']));
    expect(inputs).not.toContain('!{workspaceRoot}/b/**/*');
  });

  it('name a folder outside the Nx workspace to the fingerprint, and a nested choice of toolchain', () => {
    const files = { 'nx/deep/a/Cargo.toml': crate('a', '[dependencies]\nout = { path = "../../../out" }'), 'nx/deep/rust-toolchain.toml': '', 'nx/deep/a/vm.json': '{}', 'out/Cargo.toml': crate('out') };
    const root = temporaryTree(files);
    const inputs = byRoot(inferProjects(['deep/a/Cargo.toml', 'deep/a/vm.json'], {}, `${root}/nx`)).get('deep/a')?.targets?.['cargo-build']?.inputs;
    expect(inputs).toContainEqual({ runtime: expect.stringMatching(/fingerprint\.js" toolchain deep \.\.\/out deep\/a\/Cargo\.lock$/) as unknown });
  });

  it('hold what the settings name: files and folders for Nx, libraries and what is outside for the fingerprint', () => {
    const settings = '[package.metadata.package-vm]\ninputs = ["../proto/*.bin", "../../out/x"]\nextraLibraries = ["libssl.so.3", "lib/libx.so"]\n[package.metadata.package-vm.programs.p]\nsysroot = "../sys"\n';
    const inputs = infer({ 'a/Cargo.toml': `${crate('a')}\n${settings}`, 'a/vm.json': '{}' }).get('a')?.targets?.['cargo-build']?.inputs;
    expect(inputs).toEqual(expect.arrayContaining(['{workspaceRoot}/proto/*.bin', '{workspaceRoot}/sys/**/*', '{workspaceRoot}/a/lib/libx.so']));
    expect(inputs).toContainEqual({ runtime: expect.stringMatching(/ toolchain \. 'proto\/\*\.bin' \.\.\/out\/x \.\/sys a\/lib\/libx\.so a\/Cargo\.lock libssl\.so\.3$/) as unknown });
  });

  it('hold variables, commands and what other Nx tasks make, as the settings name them', () => {
    const settings = '[package.metadata.package-vm]\ninputs = [{ env = "SEED" }, { env = "APP_*" }, { runtime = "git rev-parse HEAD" }, { task = "keys:make", files = "../dist/keys/*.bin" }]\n';
    const targets = infer({ 'a/Cargo.toml': `${crate('a')}\n${settings}`, 'a/vm.json': '{}' }).get('a')?.targets;
    expect(targets?.['cargo-build']?.inputs).toEqual(expect.arrayContaining([{ env: 'SEED' }, { runtime: 'git rev-parse HEAD' }, { dependentTasksOutputFiles: 'dist/keys/*.bin' }]));
    expect(targets?.['cargo-build']?.inputs).toContainEqual({ runtime: expect.stringMatching(/ env:SEED 'env:APP_\*'$/) as unknown });
    expect(targets?.['cargo-build']?.dependsOn).toEqual([{ projects: ['keys'], target: 'make' }]);
    expect(targets?.['package-vm']?.dependsOn).toEqual(['cargo-build', { projects: ['keys'], target: 'make' }]);
  });

  it('of an image hold by their digests what the settings name of it', () => {
    const settings = '[package.metadata.package-vm]\ninputs = ["keys", "../table.bin"]\n';
    const inputs = infer({ 'a/Cargo.toml': `${crate('a')}\n${settings}`, 'a/vm.json': '{ "Files": ["keys/k.bin"] }' }).get('a')?.targets?.['package-vm']?.inputs;
    expect(inputs).toContainEqual({ runtime: expect.stringMatching(/ files a\/keys$/) as unknown });
  });

  it('of an image hold what is in folders of the manifest by name, since Nx knows nothing of what git ignores', () => {
    const inputs = (manifest: string): unknown => infer({ 'a/Cargo.toml': crate('a'), 'a/vm.json': manifest }).get('a')?.targets?.['package-vm']?.inputs;
    expect(inputs('{ "Dirs": ["data", "../no"], "MapDirs": { "./keys/*.bin": "/keys" } }')).toContainEqual({ runtime: expect.stringMatching(/ names a\/data\/ no\/ 'a\/keys\/\*\.bin'$/) as unknown });
    expect(JSON.stringify(inputs('{ "Files": ["k.bin"] }'))).not.toContain(' names ');
  });

  it.each(['cargo-build', 'package-vm'])('hold our version as an npm package only where a lock file knows us: %s', (target) => {
    const own = (root: string): unknown => byRoot(inferProjects(matched(smallWorkspace), {}, root)).get('crates/prover')?.targets?.[target]?.inputs;
    const root = temporaryTree({ ...smallWorkspace, 'node_modules/@package-vm/nx/dist/fingerprint.js': '' });
    expect(own(root)).toContainEqual({ externalDependencies: [] });
    addFiles(root, { 'package-lock.json': '{"packages": {"node_modules/@package-vm/nx": {}}}' });
    expect(own(root)).toContainEqual({ externalDependencies: ['@package-vm/nx'] });
  });
});

describe('variants', () => {
  it('are configurations of the targets, with outputs of their own', () => {
    const settings = '[package.metadata.package-vm.variants.debug]\nprofile = "dev"\nmanifest = "debug.json"\n';
    const targets = infer({ 'a/Cargo.toml': `${crate('a')}\n${settings}`, 'a/vm.json': '{}', 'a/debug.json': '{ "Files": ["d.bin"] }' }).get('a')?.targets;
    expect(targets?.['cargo-build']?.configurations).toEqual({ debug: { variant: 'debug', outputPath: 'dist/package-vm/a/a@debug/bundle' } });
    expect(targets?.['package-vm']?.configurations).toEqual({ debug: { variant: 'debug', manifest: 'a/debug.json', bundle: 'dist/package-vm/a/a@debug/bundle', outputPath: 'dist/package-vm/a/a@debug/image' } });
    expect(targets?.['package-vm']?.inputs).toEqual(expect.arrayContaining(['{workspaceRoot}/a/vm.json', '{workspaceRoot}/a/debug.json', '{workspaceRoot}/a/d.bin']));
    expect(targets?.['rehearse-vm']?.configurations).toEqual({ debug: { image: 'dist/package-vm/a/a@debug/image' } });
  });
});

describe('createNodes', () => {
  it('answers for each file, under both names', async () => {
    const root = temporaryTree(smallWorkspace);
    const context = { workspaceRoot: root, nxJsonConfiguration: {} };
    const answers = await createNodes[1](matched(smallWorkspace), {}, context);
    expect(answers.map(([file]) => file)).toEqual(matched(smallWorkspace));
    expect(answers.find(([file]) => file === 'crates/field/Cargo.toml')?.[1].projects?.['crates/field']).toMatchObject({ name: 'field' });
    expect(createNodesV2).toBe(createNodes);
  });
});

describe('createDependencies', () => {
  it('gives an edge for each path dependency, between the names that the projects have', async () => {
    const root = temporaryTree(smallWorkspace);
    const projects = { renamed: { root: 'crates/prover' }, field: { root: 'crates/field' }, web: { root: 'apps/web' } };
    const context = { projects, workspaceRoot: root } as unknown as Parameters<typeof createDependencies>[1];
    expect(await createDependencies(undefined, context)).toEqual([{ source: 'renamed', target: 'field', type: 'static', sourceFile: 'crates/prover/Cargo.toml' }]);
  });
});
