import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const CLI = join(import.meta.dirname, '../packages/package-vm/dist/cli/main.js');
const good = JSON.stringify({ ManifestPassthrough: { readonly_rootfs: 'true', debug_exit: 'true' }, Mounts: { '%0': '/workspace' } });
const bad = `{
  // the prover
  "program": "my_prover",
  "Env": { "RUST_BACKTRACE": 1 },
  "Mounts": { "%0": "/workspace" },
  "ManifestPassthrough": { "readonly_rootfs": "true", "debug_exit": "true" },
  "RebootOnExit": true
}
`;

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'check-'));
  write({ 'nx.json': '{}', 'prover/Cargo.toml': '[package]\nname = "my_prover"\n', 'prover/src/main.rs': 'fn main() {}' });
});
afterEach(() => {
  rmSync(root, { recursive: true });
});

function write(files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}

function check(args: readonly string[], folder = 'prover'): { status: number | null; stdout: string; stderr: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, 'check', ...args], { cwd: join(root, folder), encoding: 'utf8', env: { PATH: process.env.PATH } });
  return { status, stdout, stderr };
}

interface Output {
  readonly findings: readonly { readonly code: string; readonly place: { readonly file: string; readonly line?: number } }[];
  readonly summary: object;
}

const codes = (stdout: string): string[] => (JSON.parse(stdout) as Output).findings.map(({ code }) => code);

describe('package-vm check', () => {
  it('shows each finding with its line underlined, without colours where nobody watches, and ends with 1', () => {
    write({ 'prover/vm.json': bad });
    const { status, stdout, stderr } = check([]);
    expect(status).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toBe(`vm.json:3:3 error unknown-key: \`program\` is not a known key
  2 │   // the prover
  3 │   "program": "my_prover",
    │   ^^^^^^^^^
  Did you mean \`Program\`?
vm.json:4:30 error quote-it: \`Env.RUST_BACKTRACE\` must be a string, found a number
  3 │   "program": "my_prover",
  4 │   "Env": { "RUST_BACKTRACE": 1 },
    │                              ^
  Put it in quotes.
vm.json:7:3 error reboot-on-exit: \`RebootOnExit\` makes a node lose the task: the machine starts again, asks for the task twice, and is stopped
  6 │   "ManifestPassthrough": { "readonly_rootfs": "true", "debug_exit": "true" },
  7 │   "RebootOnExit": true
    │   ^^^^^^^^^^^^^^
  Remove the key.
3 errors; \`--fix\` puts 3 right.
`);
  });

  it('is silent and ends with 0 where nothing is wrong', () => {
    write({ 'prover/vm.json': good });
    expect(check([])).toEqual({ status: 0, stdout: '', stderr: 'No findings.\n' });
  });

  it('checks all given files at once, each in its order', () => {
    write({ 'prover/vm.json': bad, 'verifier/Cargo.toml': '[package]\nname = "my_verifier"\n[package.metadata.package-vm]\nplatfrom = "nanos"\n', 'verifier/src/main.rs': '', 'verifier/vm.json': '{ "Files": ["none"], "Mounts": 1 }' });
    const { status, stdout } = check(['verifier', 'prover/vm.json', '--json'], '.');
    expect(status).toBe(1);
    expect((JSON.parse(stdout) as Output).findings.map(({ code, place }) => `${place.file}:${place.line} ${code}`)).toEqual([
      'verifier/Cargo.toml:4 unknown-key',
      'verifier/vm.json:1 writable-root',
      'verifier/vm.json:1 exit-code-unknown',
      'verifier/vm.json:1 missing-path',
      'verifier/vm.json:1 wrong-type',
      'prover/vm.json:3 unknown-key',
      'prover/vm.json:4 quote-it',
      'prover/vm.json:7 reboot-on-exit',
    ]);
  });

  it('checks all manifests of a crate; what one of them has is not allowed in vain', () => {
    const toml = '[package]\nname = "p"\n[package.metadata.package-vm]\nallow = [{ finding = "reboot-on-exit", reason = "tried" }, { finding = "host-libraries", reason = "pinned" }]\n';
    write({ 'prover/Cargo.toml': toml, 'prover/a.vm.json': good, 'prover/b.vm.json': good.replace('{', '{ "RebootOnExit": true, ') });
    const { status, stdout } = check(['--json']);
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ findings: [{ code: 'reboot-on-exit', allowed: 'tried', place: { file: 'prover/b.vm.json' } }], summary: { errors: 0, warnings: 0, allowed: 1 } });
    write({ 'prover/b.vm.json': good });
    expect(codes(check(['--json']).stdout)).toEqual(['unused-allow']);
  });

  it('checks the manifests of all members at the root of a cargo workspace, and those that settings name', () => {
    const settings = '[package.metadata.package-vm]\nprograms.third.manifest = "deploy/third.json"\n';
    write({ 'Cargo.toml': '[workspace]\nmembers = ["prover", "verifier"]\n', 'prover/vm.json': bad, 'verifier/Cargo.toml': `[package]\nname = "my_verifier"\n${settings}`, 'verifier/a.vm.json': '{', 'verifier/b.vm.json': good, 'verifier/deploy/third.json': '{' });
    const { status, stdout } = check(['--json'], '.');
    expect(status).toBe(1);
    expect(new Set((JSON.parse(stdout) as Output).findings.map(({ place }) => place.file))).toEqual(new Set(['prover/vm.json', 'verifier/a.vm.json', 'verifier/deploy/third.json']));
    expect(check(['--bin', 'my_prover', '--json'], '.')).toMatchObject({ status: 1, stdout: expect.stringContaining('prover/vm.json') as unknown });
  });

  it.each([
    { limit: '1', status: 0 },
    { limit: '0', status: 1 },
  ])('ends with $status with at most $limit warnings of one', ({ limit, status }) => {
    write({ 'prover/vm.json': good.replace('{', '{ "NanosVersion": "0.1.54", ') });
    expect(check(['--max-warnings', limit]).status).toBe(status);
  });

  it('refuses a limit that is none', () => {
    expect(check(['--max-warnings', 'many'])).toMatchObject({ status: 2, stderr: expect.stringContaining('whole number') as unknown });
  });

  it('tells of a Cargo.toml that is no TOML, of a manifest that is not there, and of one that cannot be read at all', () => {
    write({ 'prover/Cargo.toml': '[package]\nname = \n', 'prover/vm.json': good });
    expect(check([])).toMatchObject({ status: 1, stderr: expect.stringMatching(/^Cargo.toml:2:\d+ error syntax: The file is no TOML/) as unknown });
    expect(check(['none.json'])).toMatchObject({ status: 1, stderr: expect.stringContaining('PVM_NO_MANIFEST') as unknown });
    write({ 'prover/vm.json': '[[['.repeat(10_000) });
    expect(codes(check(['--json']).stdout)).toContain('too-deep');
  });

  it('tells of klibs that the locked release does not have, and of one too large for the boot file system', () => {
    const file = (size: number) => ({ size, sha256: '0'.repeat(64) });
    const lock = (klib: number) => JSON.stringify({ schemaVersion: 1, releases: { '0.1.54': { origin: 'folder', files: { 'boot.img': file(1), 'kernel.img': file(1024), 'klibs/ntp': file(klib) } } } });
    write({ 'prover/vm.json': good.replace('{', '{ "Klibs": ["ntp", "nfs"], '), 'nanos.lock.json': lock(1) });
    expect(codes(check(['--json']).stdout)).toEqual(['missing-klib']);
    write({ 'prover/vm.json': good.replace('{', '{ "Klibs": ["ntp"], '), 'nanos.lock.json': lock(12 * 1024 * 1024) });
    expect(codes(check(['--json']).stdout)).toEqual(['boot-files-too-large']);
  });

  it('checks only the program that is named', () => {
    write({ 'prover/a.vm.json': good, 'prover/b.vm.json': bad });
    expect(check(['--bin', 'a'])).toMatchObject({ status: 0, stderr: 'No findings.\n' });
    expect(check(['--bin', 'b']).status).toBe(1);
  });

  it('tells of the others when one cannot be read', () => {
    write({ 'prover/vm.json': bad });
    const { status, stdout } = check(['none.json', 'vm.json', '/dev/zero', '--json']);
    expect(status).toBe(1);
    expect(codes(stdout)).toEqual(['unreadable-path', 'unknown-key', 'quote-it', 'reboot-on-exit', 'unreadable-path']);
    expect(check(['/dev/zero'])).toMatchObject({ status: 1, stderr: expect.stringContaining('no regular file') as unknown });
  });

  it('tells manifests of one name in two Nx workspaces apart', () => {
    write({ 'one/nx.json': '{}', 'one/vm.json': bad, 'two/nx.json': '{}', 'two/vm.json': `\n${bad}` });
    const { stdout, stderr } = check(['one/vm.json', 'two/vm.json', '--json'], '.');
    expect((JSON.parse(stdout) as Output).findings.map(({ place }) => `${place.file}:${place.line}`)).toEqual(['one/vm.json:3', 'one/vm.json:4', 'one/vm.json:7', 'two/vm.json:4', 'two/vm.json:5', 'two/vm.json:8']);
    expect(stderr).toBe('');
  });

  it('prints no secret, and nothing that a terminal obeys', () => {
    const text = bad.replace('"RUST_BACKTRACE": 1', '"RUST_BACKTRACE": 1, "HF_TOKEN": "my-secret", "PASSWORD=my-secret": "", "N": 987654').replace('"program"', '"pro\\u001b[2Jgram\\u202e": "\u001b[2J", "program"');
    write({ 'prover/vm.json': text });
    const outputs = [['--format', 'text'], ['--json'], ['--format', 'github'], ['--format', 'sarif'], ['--fix', '--dry-run']].map((args) => check(args)).map(({ stdout, stderr }) => stdout + stderr);
    for (const output of outputs) {
      expect(output).not.toMatch(/my-secret|987654/);
      expect(output).not.toContain('\u001b');
    }
    expect(outputs[0]).toContain('\n  4 │   "Env": { "RUST_BACKTRACE": 1, "HF_TOKEN": "*********"');
    expect(outputs[0]).toContain('`pro\\x1b[2Jgram\\u202e`');
  });

  it('does not promise a fix that is not made, and says why it is not', () => {
    write({ 'prover/vm.json': bad.replace('"my_prover",', '"my_prover", "stray",') });
    const { stderr } = check([]);
    expect(stderr).toMatch(/\n4 errors\.\n$/);
    expect(check(['--fix']).stderr).toBe(`Fixed nothing in vm.json: put its syntax right first.\n${stderr}`);
    expect(JSON.parse(check(['--json']).stdout)).toMatchObject({ findings: [{ isFixable: false }, { isFixable: false }, { isFixable: false }, { isFixable: false }] });
  });

  it('writes a SARIF log and annotations of GitHub', () => {
    write({ 'prover/vm.json': bad });
    expect(JSON.parse(check(['--format', 'sarif']).stdout)).toMatchObject({ version: '2.1.0', runs: [{ results: [{ ruleId: 'unknown-key' }, {}, {}] }] });
    expect(check(['--format', 'github']).stdout.split('\n')[0]).toBe(
      '::error file=prover/vm.json,line=3,endLine=3,col=3,endColumn=12,title=unknown-key::`program` is not a known key%0ADid you mean `Program`?',
    );
  });
});

describe('package-vm check --fix', () => {
  const fixed = bad.replace('"program"', '"Program"').replace('1 }', '"1" }').replace(',\n  "RebootOnExit": true', '');

  it('edits the file in place, keeps its mode, and has nothing to do the second time', () => {
    write({ 'prover/vm.json': bad });
    chmodSync(join(root, 'prover/vm.json'), 0o600);
    const { status, stderr } = check(['--fix']);
    expect({ status, text: readFileSync(join(root, 'prover/vm.json'), 'utf8') }).toEqual({ status: 0, text: fixed });
    expect(stderr).toContain('Fixed unknown-key in vm.json: renamed `program` to `Program`');
    expect(statSync(join(root, 'prover/vm.json')).mode & 0o777).toBe(0o600);
    expect(readdirSync(join(root, 'prover')).sort()).toEqual(['Cargo.toml', 'src', 'vm.json']);
    expect(check(['--fix'])).toEqual({ status: 0, stdout: '', stderr: 'No findings.\n' });
  });

  it('leaves what is no UTF-8 byte for byte, and says where', () => {
    const bytes = Buffer.from(bad.replace('the prover', 'caf\xE9'), 'latin1');
    writeFileSync(join(root, 'prover/vm.json'), bytes);
    const { status, stderr } = check(['--fix']);
    expect(status).toBe(1);
    expect(stderr).toContain('vm.json:2:9 error syntax: Expected UTF-8, found the byte 0xe9');
    expect(readFileSync(join(root, 'prover/vm.json'))).toEqual(bytes);
  });

  it('leaves a file that is protected against writing', () => {
    write({ 'prover/vm.json': bad });
    chmodSync(join(root, 'prover/vm.json'), 0o444);
    expect(check(['--fix'])).toMatchObject({ status: 1, stderr: expect.stringContaining('PVM_WRITE_FAILED') as unknown });
    expect(readFileSync(join(root, 'prover/vm.json'), 'utf8')).toBe(bad);
  });

  it('shows a diff with --dry-run, and writes nothing', () => {
    write({ 'prover/vm.json': bad });
    const { status, stdout } = check(['--fix', '--dry-run']);
    expect(status).toBe(1);
    expect(stdout).toContain('-  "program": "my_prover",\n-  "Env": { "RUST_BACKTRACE": 1 },\n+  "Program": "my_prover",\n+  "Env": { "RUST_BACKTRACE": "1" },\n');
    expect(readFileSync(join(root, 'prover/vm.json'), 'utf8')).toBe(bad);
  });

  it('leaves what the settings allow', () => {
    write({ 'prover/Cargo.toml': '[package]\nname = "my_prover"\n[package.metadata.package-vm]\nallow = [{ finding = "reboot-on-exit", reason = "tried" }]\n', 'prover/vm.json': bad });
    check(['--fix']);
    expect(readFileSync(join(root, 'prover/vm.json'), 'utf8')).toContain('"RebootOnExit": true');
  });
});

const hasCargo = spawnSync('cargo', ['--version']).status === 0;

(hasCargo ? it : it.skip)('a build tells of a mistake in the manifest before cargo starts (needs cargo)', () => {
  write({ 'prover/Cargo.toml': '[package]\nname = "my_prover"\nversion = "0.1.0"\nedition = "2021"\n', 'prover/src/main.rs': 'no Rust', 'prover/vm.json': bad });
  const { status, stderr } = spawnSync(process.execPath, [CLI, 'build'], { cwd: join(root, 'prover'), encoding: 'utf8' });
  expect({ status, stderr }).toMatchObject({ status: 1, stderr: expect.stringContaining('PVM_BAD_MANIFEST') as unknown });
  expect(readdirSync(join(root, 'prover'))).not.toContain('target');
});

describe('package-vm migrate', () => {
  const migrate = (args: readonly string[]) => spawnSync(process.execPath, [CLI, 'migrate', ...args], { cwd: join(root, 'prover'), encoding: 'utf8', env: { PATH: process.env.PATH } });

  it('prints a good manifest and lists what it changed, or writes it where it is told to and nothing stands', () => {
    write({ 'prover/old.json': bad.replace('"%0"', '"%1"').replace('{ "RUST_BACKTRACE": 1 }', '["RUST_BACKTRACE=1"]') });
    const { status, stdout, stderr } = migrate(['old.json', '--bin', 'my_prover']);
    expect(status).toBe(0);
    expect(JSON.parse(stdout.replace(/^ *\/\/.*$/m, ''))).toMatchObject({ Program: 'my_prover', Env: { RUST_BACKTRACE: '1' }, Mounts: { '%0': '/workspace' } });
    expect(stderr).toContain('- renamed `program` to `Program`\n');
    expect(migrate(['old.json', '-o', 'vm.json']).status).toBe(0);
    expect(check(['vm.json']).stderr).toBe('No findings.\n');
    expect(migrate(['old.json', '-o', 'vm.json'])).toMatchObject({ status: 1, stderr: expect.stringContaining('PVM_MANIFEST_EXISTS') as unknown });
    expect(migrate(['none.json']).stderr).toContain('PVM_NO_MANIFEST');
  });

  it('says what stands in the way, and what is left', () => {
    write({ 'prover/old.json': '{ "program": "my_prover", "stray" }', 'prover/list.json': good.replace('{', '{ "Quux": 1, '), 'prover/good.json': good });
    expect(migrate(['old.json'])).toMatchObject({ status: 1, stdout: '', stderr: expect.stringContaining('Nothing was changed: put the syntax right first, then migrate again.\n') as unknown });
    expect(migrate(['old.json', '-o', 'new.json']).status).toBe(1);
    expect(readdirSync(join(root, 'prover'))).not.toContain('new.json');
    expect(migrate(['list.json'])).toMatchObject({ status: 0, stderr: expect.stringContaining('Left to decide: 1 error.\n') as unknown });
    expect(migrate(['good.json']).stderr).toBe('Nothing is to be changed.\nNothing is left to decide.\n');
  });

  it('refuses what is no UTF-8 instead of losing it; UTF-16 becomes UTF-8', () => {
    const bytes = Buffer.from('{ "program": "caf\xE9" }', 'latin1');
    writeFileSync(join(root, 'prover/old.json'), bytes);
    expect(migrate(['old.json', '-o', 'old.json'])).toMatchObject({ status: 1, stderr: expect.stringContaining('0xe9') as unknown });
    expect(readFileSync(join(root, 'prover/old.json'))).toEqual(bytes);
    writeFileSync(join(root, 'prover/old.json'), Buffer.from('\uFEFF{ "program": "café" }', 'utf16le'));
    expect(migrate(['old.json', '-o', 'old.json']).status).toBe(0);
    expect(readFileSync(join(root, 'prover/old.json'), 'utf8')).toContain('{ "Program": "café"');
  });
});

describe('package-vm init', () => {
  const init = (args: readonly string[] = []) => spawnSync(process.execPath, [CLI, 'init', ...args], { cwd: join(root, 'prover'), encoding: 'utf8' });
  beforeEach(() => {
    write({ 'prover/Cargo.toml': '[package]\nname = "my_prover"\nversion = "0.1.0"\nedition = "2021"\n' });
  });

  (hasCargo ? it : it.skip)('ties the schema to the names of manifests in VS Code, outside of Nx too (needs cargo)', () => {
    rmSync(join(root, 'nx.json'));
    write({ '.git/HEAD': '', '.vscode/settings.json': '{\n  // ours\n  "editor.tabSize": 2\n}\n' });
    expect(init()).toMatchObject({ status: 0, stdout: 'Wrote vm.json\n', stderr: expect.stringContaining('../.vscode/settings.json') as unknown });
    const text = readFileSync(join(root, '.vscode/settings.json'), 'utf8');
    expect(text).toContain('// ours');
    expect(text).toContain('"url": "./.vscode/vm.schema.json"');
    expect(JSON.parse(readFileSync(join(root, '.vscode/vm.schema.json'), 'utf8'))).toHaveProperty('properties.Program');
  });

  (hasCargo ? it : it.skip)('leaves the editor alone where that is wanted (needs cargo)', () => {
    expect(init(['--no-editor']).status).toBe(0);
    expect(readdirSync(root)).not.toContain('.vscode');
  });
});
