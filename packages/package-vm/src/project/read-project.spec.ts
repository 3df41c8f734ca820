import { type Finding } from '@package-vm/manifest';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type PackageVmError } from '@package-vm/errors';
import { judgeFindings, readProject } from './read-project.js';

const good = '{ "Mounts": { "%0": "/workspace" }, "ManifestPassthrough": { "readonly_rootfs": "t", "debug_exit": "t" } }';

let folder: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'read-project-')));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

function write(settings: string, manifest = good): void {
  writeFileSync(join(folder, 'Cargo.toml'), `[package]\nname = "prover"\n[package.metadata.package-vm]\n${settings}\n`);
  writeFileSync(join(folder, 'vm.json'), manifest);
}

const read = () => readProject({ folder, workspaceRoot: folder, program: 'prover' });

async function errorOf(promise: Promise<unknown>): Promise<PackageVmError> {
  return promise.then(
    () => { throw new Error('nothing was thrown'); },
    (error: unknown) => error as PackageVmError,
  );
}

const lines = (findings: unknown): string[] => (findings as Finding[]).map(({ code, place: { file, line, column } }) => `${file}:${line}:${column} ${code}`);

describe('readProject', () => {
  it('tells all that is wrong with settings and manifest, each with its line and column', async () => {
    write('platfrom = "nanos"\nprofile = 7', '{\n  "files": []\n}');
    const error = await errorOf(read());
    expect(error).toMatchObject({ code: 'PVM_BAD_SETTINGS', message: '`platfrom` is not a known key, at Cargo.toml:4:1 (and 4 more problems)' });
    expect(lines(error.data?.findings)).toEqual([
      'Cargo.toml:4:1 unknown-key',
      'Cargo.toml:5:11 quote-it',
      'vm.json:1:1 workspace-missing',
      'vm.json:1:1 writable-root',
      'vm.json:1:1 exit-code-unknown',
      'vm.json:2:3 unknown-key',
    ]);
  });

  it('says that settings are at fault, and the manifest too where nothing of it can be read', async () => {
    write('profile = 7', '[');
    const error = await errorOf(read());
    expect([error.code, ...lines(error.data?.findings)]).toEqual(['PVM_BAD_SETTINGS', 'Cargo.toml:4:11 quote-it', 'vm.json:1:1 wrong-type', 'vm.json:1:2 syntax']);
  });

  it('says where a Cargo.toml is no TOML', async () => {
    write('profile = ');
    expect(await errorOf(read())).toMatchObject({ code: 'PVM_BAD_SETTINGS', message: expect.stringMatching(/^The file is no TOML: .*, at Cargo\.toml:4:11$/) as unknown, hint: 'Correct it there: cargo cannot read it either.' });
  });

  it('tells of settings that nobody reads, and of those for no program', async () => {
    write('');
    writeFileSync(join(folder, 'Cargo.toml'), '[package]\nname = "prover"\n[[bin]]\nname = "prover"\n[package.metadata.package-vm.programs.provr]\nprofile = "dev"\n[package.metadata.package_vm]\nbase = ".."\n');
    expect(lines((await errorOf(read())).data?.findings)).toEqual(['Cargo.toml:7:2 unknown-key', 'Cargo.toml:5:2 unknown-program']);
  });

  it('tells of settings of a cargo workspace, which nobody reads, unless the crate is none of its members', async () => {
    const crate = join(folder, 'prover');
    mkdirSync(crate);
    writeFileSync(join(crate, 'Cargo.toml'), '[package]\nname = "prover"\n');
    writeFileSync(join(crate, 'vm.json'), good);
    const readIt = () => readProject({ folder: crate, workspaceRoot: folder });
    writeFileSync(join(folder, 'Cargo.toml'), '[workspace]\nmembers = ["prover"]\n[workspace.metadata.package-vm]\nplatform = "nanos"\n');
    const error = await errorOf(readIt());
    expect(error).toMatchObject({ code: 'PVM_BAD_SETTINGS', hint: 'Each crate has its own: write them to `[package.metadata.package-vm]` of its `Cargo.toml`.' });
    expect(lines(error.data?.findings)).toEqual(['Cargo.toml:3:2 unknown-key']);
    writeFileSync(join(folder, 'Cargo.toml'), '[workspace]\nexclude = ["prover"]\n[workspace.metadata.package-vm]\n');
    expect((await readIt()).findings).toEqual([]);
  });

  it('gives findings that stop nothing, with their places', async () => {
    write('allow = [{ finding = "reboot-on-exit", reason = "x" }]', good.replace('{', '{ "RebootOnExit": true,'));
    const { findings } = await read();
    expect(lines(findings)).toEqual(['vm.json:1:3 reboot-on-exit']);
  });
});

describe('judgeFindings', () => {
  it('says where something is allowed that is not there', async () => {
    write('allow = [\n  { finding = "reboot-on-exit", reason = "x" },\n]');
    const project = await read();
    expect(lines(await judgeFindings(project, project.findings))).toEqual(['Cargo.toml:5:3 unused-allow']);
  });

  it('throws with all findings where an error is left', async () => {
    write('allow = [{ finding = "x", reason = "y" }]', good.replace('{', '{ "RebootOnExit": true,'));
    const project = await read();
    const error = await errorOf(judgeFindings(project, project.findings));
    expect([error.code, ...lines(error.data?.findings)]).toEqual(['PVM_BAD_MANIFEST', 'vm.json:1:3 reboot-on-exit', 'Cargo.toml:4:10 unused-allow']);
  });
});
