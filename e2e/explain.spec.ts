import { readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describeWith } from './needs.js';
import { NxWorkspace } from './nx-workspace.js';

/** `package-vm explain` names what made a miss. Needs cargo, and an assembler. */

const FILES = {
  'Cargo.toml': '[workspace]\nresolver = "2"\nmembers = ["crates/*"]\n[profile.release]\nopt-level = 0\n',
  'Cargo.lock': 'version = 4\n\n[[package]]\nname = "prover"\nversion = "0.1.0"\n',
  'crates/prover/Cargo.toml': '[package]\nname = "prover"\nversion = "0.1.0"\nedition = "2021"\n[package.metadata.package-vm]\ninputs = [{ env = "SEED" }, "../../keys/*.txt"]\n',
  'crates/prover/src/main.rs': 'fn main() {\n    println!("proved");\n}\n',
  'crates/prover/vm.json': JSON.stringify({ Program: 'prover', ManifestPassthrough: { readonly_rootfs: 'true', debug_exit: 'true' }, Mounts: { '%0': '/workspace' } }),
  'keys/k.txt': 'key',
};

interface Explained {
  readonly tasks: readonly { task: string; key: string; isHit: boolean; before?: string; inputs: readonly { name: string; digest: string; changed?: readonly string[] }[]; changedSince: readonly string[] }[];
}

describeWith(['cargo', 'as'], 'package-vm explain', () => {
  let workspace: NxWorkspace;
  const run = (env: Readonly<Record<string, string>> = {}): void => {
    expect(workspace.nx('run prover:package-vm', env).failure).toBe('');
  };
  const explain = (project = 'prover', folder = '.'): Explained['tasks'] => {
    const { exitCode, output } = workspace.run('package-vm', ['explain', project, '--json'], {}, folder);
    expect({ exitCode, output: exitCode === 0 ? '' : output }).toEqual({ exitCode: 0, output: '' });
    return (JSON.parse(output) as Explained).tasks;
  };
  /** What changed, by task and class of inputs. */
  const causes = (): object => Object.fromEntries(explain().map(({ task, inputs }) => [task, Object.fromEntries(inputs.flatMap(({ name, changed = [] }) => (changed.length > 0 ? [[name, changed]] : [])))]));

  beforeAll(() => {
    workspace = new NxWorkspace();
    workspace.prepare(FILES);
    run();
  });
  afterEach(() => {
    workspace.git('checkout', '-q', '.');
  });
  afterAll(() => {
    workspace.remove();
  });

  it('lists each class of inputs with its digest, from a subfolder too', () => {
    const [program, image] = explain('prover', 'crates/prover/src');
    expect(program).toMatchObject({ task: 'prover:cargo-build', isHit: false, changedSince: [] });
    expect(program?.inputs.map(({ name }) => name)).toEqual(expect.arrayContaining(['sources', 'Cargo.toml', 'Cargo.lock', 'compilers', 'linker', 'libraries', 'variables', 'our version', 'target', 'Nx configuration']));
    expect(image?.inputs.map(({ name }) => name)).toEqual(expect.arrayContaining(['manifest', 'Cargo.toml', 'bundle', 'Nanos lock', 'our version', 'target']));
    expect([...(program?.inputs ?? []), ...(image?.inputs ?? [])].map(({ name }) => name)).not.toContain('not told apart');
    for (const { digest, changed } of program?.inputs ?? []) expect([digest, changed]).toEqual([expect.stringMatching(/^[0-9a-f]{64}$/), undefined]);
  });

  it.each<{ what: string; files?: Record<string, string>; env?: Record<string, string>; program: object; image: object }>([
    { what: 'a source', files: { 'crates/prover/src/main.rs': 'fn main() {\n    println!("proved again");\n}\n', 'crates/prover/src/new.rs': '' }, program: { sources: ['crates/prover/src/main.rs', 'crates/prover/src/new.rs'] }, image: { bundle: ['dist/package-vm/crates/prover/prover/bundle'] } },
    { what: 'the manifest', files: { 'crates/prover/vm.json': FILES['crates/prover/vm.json'].replace('{', '{"Args":["a"],') }, program: {}, image: { manifest: ['crates/prover/vm.json'] } },
    { what: 'the profile', files: { 'Cargo.toml': FILES['Cargo.toml'].replace('0', '1') }, program: { 'Cargo.toml': ['Cargo.toml'] }, image: {} },
    { what: 'a named file', files: { 'keys/k.txt': 'another' }, program: { 'named files': ['keys/k.txt'] }, image: {} },
    { what: 'cargo’s configuration', files: { '.cargo/config.toml': '[build]\nrustflags = ["-Cdebuginfo=1"]\n' }, program: { 'cargo files': ['.cargo/config.toml'], 'cargo configuration': ['part 1'] }, image: {} },
    { what: 'a variable that is declared', env: { SEED: 'a-very-secret-seed' }, program: { variables: ['SEED'] }, image: {} },
    { what: 'a variable of cargo', env: { RUSTFLAGS: '--cfg another_secret' }, program: { variables: ['RUSTFLAGS'] }, image: {} },
    { what: 'our version', files: { 'package-lock.json': 'OURS' }, program: { 'our version': ['package-vm'] }, image: { 'our version': ['package-vm'] } },
  ])('names $what', ({ files = {}, env, program, image }) => {
    run();
    workspace.write(Object.fromEntries(Object.entries(files).map(([path, text]) => [path, text === 'OURS' ? withOurUpgrade(workspace.read(path)) : text])));
    run(env);
    const found = causes() as Record<string, object>;
    for (const path of Object.keys(files)) if (!(path in FILES)) rmSync(join(workspace.root, path));
    // a hit is compared with an older run
    if (Object.keys(program).length > 0) expect(found['prover:cargo-build']).toEqual(program);
    if (Object.keys(image).length > 0) expect(found['prover:package-vm']).toEqual(image);
  });

  it('says what changed since the last run', () => {
    run();
    workspace.write({ 'crates/prover/src/main.rs': 'fn main() {}\n' });
    expect(explain('prover:cargo-build')).toMatchObject([{ task: 'prover:cargo-build', isHit: true, changedSince: ['crates/prover/src/main.rs'] }]);
    const { output } = workspace.run('package-vm', ['explain', 'prover:cargo-build']);
    expect(output).toMatch(/^prover:cargo-build came from the cache; against the last run with another key: .*\n {2}sources +[0-9a-f]{12} {2}same$[^]*^ {2}Changed since: crates\/prover\/src\/main\.rs$/m);
  });

  it('neither prints nor keeps the value of a variable', () => {
    const data = join(workspace.root, '.nx/workspace-data');
    const kept = readdirSync(data).filter((name) => name.startsWith('package-vm-')).map((name) => readFileSync(join(data, name), 'utf8')).join('\n');
    expect(kept).toContain('RUSTFLAGS');
    expect(`${kept}${workspace.run('package-vm', ['explain', 'prover', '--json']).output}`).not.toMatch(/very-secret|another_secret/);
  });

  it('says which projects have a recorded run', () => {
    const { exitCode, output } = workspace.run('package-vm', ['explain', 'provre']);
    expect([exitCode, output]).toEqual([1, expect.stringMatching(/PVM_NO_RECORDED_RUN[^]*only of `prover`[^]*nx run provre:package-vm/)]);
  });
});

function withOurUpgrade(text: string): string {
  const lock = JSON.parse(text) as { packages: Record<string, object> };
  const path = 'node_modules/package-vm';
  return JSON.stringify({ ...lock, packages: { ...lock.packages, [path]: { ...lock.packages[path], version: '0.0.9', integrity: `sha512-${'A'.repeat(86)}==` } } });
}
