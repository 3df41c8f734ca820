import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { InstalledCommand } from './installed-command.js';

let command: InstalledCommand;
beforeAll(() => {
  command = new InstalledCommand();
  command.writeRelease('release');
  layCrate('crate');
}, 120_000);
afterAll(() => {
  command.remove();
});

// as the documentation of Gevulot has it
const DOCUMENTED = `{
  "ManifestPassthrough": {
    "readonly_rootfs": "true"
  },
  "Env": {
    "RUST_BACKTRACE": "1",
    "RUST_LOG": "debug"
  },
  "Program": "my_prover",
  "Mounts": {
    "%1": "/workspace"
  }
}
`;

function layCrate(folder: string, manifest = DOCUMENTED): void {
  command.writeProgram(`${folder}/target/release/my_prover`);
  command.write({ [`${folder}/my_prover.json`]: manifest });
}

const sha256 = (path: string): string => createHash('sha256').update(command.read(path)).digest('hex');
const release = (): string[] => ['--nanos-dir', join(command.root, 'release')];
const files = (folder: string): string[] => readdirSync(join(command.root, folder)).sort();
const canMount = spawnSync('unshare', ['--map-root-user', '--mount', 'true']).status === 0;
const itWhere = canMount ? it : it.skip;
const why = canMount ? '' : ' (waits for user namespaces)';

describe('package-vm build', () => {
  it('works as the documentation writes it for ops', () => {
    const { exitCode, stdout } = command.run(['build', './target/release/my_prover', '-c', 'my_prover.json', ...release()], { folder: 'crate' });
    expect(exitCode).toBe(0);
    expect(stdout).toBe(`Bootable image file:${join(command.root, 'crate/target/release/my_prover.img')}\n`);
    expect(files('crate/target/release')).toEqual(['my_prover', 'my_prover.img', 'my_prover.img.json']);
  });

  it('gives the same from any folder', () => {
    const before = sha256('crate/target/release/my_prover.img');
    mkdirSync(join(command.root, 'elsewhere'), { recursive: true });
    const { exitCode } = command.run(['build', '../crate/target/release/my_prover', '-c', '../crate/my_prover.json', '-o', 'a.img', ...release()], { folder: 'elsewhere' });
    expect(exitCode).toBe(0);
    expect(sha256('elsewhere/a.img')).toBe(before);
  });

  it('gives the same bytes in another folder, for another user, time zone, language, umask and directory order', () => {
    const names = Array.from({ length: 200 }, (_, index) => `data/file-${index}.txt`);
    const manifest = DOCUMENTED.replace('"Program"', '"Dirs": ["data"],\n  "Program"');
    const make = (folder: string, order: string[]): void => {
      layCrate(folder, manifest);
      for (const name of order) command.write({ [`${folder}/${name}`]: name });
    };
    make('one', names);
    make('another/deeper', [...names].reverse());
    const args = (folder: string): string[] => ['build', join(command.root, folder, 'target/release/my_prover'), '-c', join(command.root, folder, 'my_prover.json'), '-o', join(command.root, folder, 'out.img'), ...release()];
    const env = { USER: 'somebody', LOGNAME: 'somebody', HOME: join(command.root, 'home'), TZ: 'Asia/Tokyo', LANG: 'tr_TR.UTF-8', LC_ALL: 'tr_TR.UTF-8', HOSTNAME: 'other' };
    expect(command.run(args('one')).exitCode).toBe(0);
    expect(command.run(args('another/deeper'), { env, before: ['sh', '-c', 'umask 077; exec "$@"', 'sh'] }).exitCode).toBe(0);
    expect(sha256('another/deeper/out.img')).toBe(sha256('one/out.img'));
    expect(sha256('another/deeper/out.img.json')).toBe(sha256('one/out.img.json'));
  });

  it('prints a plan and writes nothing with --dry-run', () => {
    layCrate('dry');
    const { exitCode, stdout } = command.run(['build', 'dry/target/release/my_prover', '-c', 'dry/my_prover.json', '--dry-run', ...release()]);
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ program: 'my_prover', attributes: { program: '/my_prover', mounts: { '%0': '/workspace' } } });
    expect(files('dry/target/release')).toEqual(['my_prover']);
  });

  it('tells the outcome as JSON', () => {
    const { stdout } = command.run(['build', 'crate/target/release/my_prover', '-c', 'crate/my_prover.json', '--json', ...release()]);
    expect(JSON.parse(stdout)).toMatchObject({
      imagePath: join(command.root, 'crate/target/release/my_prover.img'),
      sha256: sha256('crate/target/release/my_prover.img'),
      blake3: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
    });
  });

  it('keeps absolute paths, times and names of the machine out of the result file', () => {
    const text = command.read('crate/target/release/my_prover.img.json').toString();
    expect(text).not.toContain(command.root);
    expect(text).not.toMatch(/20\d\d-\d\d-\d\d/);
  });

  it.each([
    { reason: 'a typo in the manifest', manifest: DOCUMENTED.replace('readonly_rootfs', 'radonly_rootfs'), exitCode: 1, message: '`readonly_rootfs`' },
    { reason: 'broken JSON', manifest: '{"Program": ', exitCode: 1, message: 'my_prover.json:1:' },
    { reason: 'a missing file', manifest: DOCUMENTED.replace('"Program"', '"Files": ["none"],\n  "Program"'), exitCode: 1, message: '`none` does not exist' },
    { reason: 'a missing klib', manifest: DOCUMENTED.replace('"Program"', '"Klibs": ["tls"],\n  "Program"'), exitCode: 1, message: '`tls` is not in the Nanos release' },
  ])('refuses $reason with the place and without a stack trace', ({ manifest, exitCode, message }) => {
    layCrate('bad', manifest);
    const run = command.run(['build', 'bad/target/release/my_prover', '-c', 'bad/my_prover.json', ...release()]);
    expect(run).toMatchObject({ exitCode, stdout: '', stderr: expect.stringContaining(message) as string });
    expect(run.stderr).toContain('my_prover.json');
    expect(run.stderr).not.toMatch(/^\s+at /m);
    expect(files('bad/target/release')).toEqual(['my_prover']);
  });

  it.each([
    { reason: 'the manifest', output: 'crate/my_prover', message: 'is an input of the build' },
    { reason: 'the program', output: 'crate/target/release/my_prover', message: 'is an input of the build' },
    { reason: 'a file that is no image', output: 'release/VERSION', message: 'exists and is no image' },
  ])('never overwrites $reason', ({ output, message }) => {
    const before = command.read('crate/my_prover.json');
    const run = command.run(['build', 'crate/target/release/my_prover', '-c', 'crate/my_prover.json', '-o', output, ...release()]);
    expect(run).toMatchObject({ exitCode: 2, stdout: '', stderr: expect.stringContaining(message) as string });
    expect(command.read('crate/my_prover.json').equals(before)).toBe(true);
  });

  it('takes settings from the crate, also when its manifest lies elsewhere', () => {
    command.write({
      'elsewhere/Cargo.toml': '[package]\nname = "other"\nversion = "0.1.0"\n[package.metadata.package-vm]\nplatform = "gevulot"\n',
      'far/nx.json': '{}',
      'far/crate/Cargo.toml': '[package]\nname = "my_prover"\nversion = "0.1.0"\n[package.metadata.package-vm]\nmanifest = "../deploy/vm.json"\nplatform = "nanos"\nbase = "."\n',
      'far/crate/key.bin': 'key',
      'far/deploy/vm.json': '{ "Program": "my_prover", "Files": ["key.bin"] }',
    });
    command.writeProgram('far/my_prover');
    const run = command.run(['build', 'far/crate', '--program', 'far/my_prover', '-o', 'far/out.img', ...release()]);
    expect(run).toMatchObject({ exitCode: 0 });
    expect(command.run(['cat', 'far/out.img', '/key.bin']).stdout).toBe('key');
  });

  it('shows all problems of a manifest at once', () => {
    layCrate('worse', DOCUMENTED.replace('"RUST_LOG": "debug"', '"RUST_LOG": 1').replace('"Mounts"', '"mounts"').replace('readonly_rootfs', 'read_only_rootfs'));
    const { stderr } = command.run(['build', 'worse/target/release/my_prover', '-c', 'worse/my_prover.json', ...release()]);
    for (const problem of ['RUST_LOG', '`Mounts`', '`readonly_rootfs`']) expect(stderr).toContain(problem);
  });

  it.each([
    { reason: 'no such option', args: ['build', '--no-such-option'], exitCode: 2 },
    { reason: 'no such command', args: ['bild'], exitCode: 2 },
    { reason: 'no Nanos release', args: ['build', 'crate/target/release/my_prover', '-c', 'crate/my_prover.json', '--offline'], exitCode: 3 },
    { reason: 'no such program', args: ['build', 'crate/none', '-c', 'crate/my_prover.json', '--nanos-dir', 'release'], exitCode: 1 },
    { reason: 'no such manifest', args: ['build', 'crate/target/release/my_prover', '-c', 'none.json', '--nanos-dir', 'release'], exitCode: 1 },
    { reason: 'a folder that is no release', args: ['build', 'crate/target/release/my_prover', '-c', 'crate/my_prover.json', '--nanos-dir', 'crate'], exitCode: 1 },
  ])('ends with $exitCode for $reason', ({ args, exitCode }) => {
    const run = command.run(args);
    expect(run).toMatchObject({ exitCode, stdout: '' });
    expect(run.stderr).not.toMatch(/^\s+at /m);
  });
});

describe('a build that is ended', () => {
  const args = (): string[] => ['build', 'big/target/release/my_prover', '-c', 'big/my_prover.json', '-o', 'big/out/a.img', ...release()];
  beforeAll(() => {
    layCrate('big', DOCUMENTED.replace('"Program"', '"Dirs": ["data"],\n  "Program"'));
    for (let index = 0; index < 6; index += 1) command.write({ [`big/data/${index}`]: Buffer.alloc(16 * 1024 * 1024, index) });
  });

  /** What is there: no image, or one with or without its result. A result is always that of its image. */
  const outcome = (): string => {
    const [image, result] = ['big/out/a.img', 'big/out/a.img.json'].map((path) => existsSync(join(command.root, path)));
    if (image !== true) return result === true ? 'a result without an image' : 'nothing';
    const digest = sha256('big/out/a.img');
    if (result !== true) return digest;
    const { image: described } = JSON.parse(command.read('big/out/a.img.json').toString()) as { image: { sha256: string } };
    return described.sha256 === digest ? digest : 'a result of another image';
  };
  const change = (byte: number): void => {
    command.write({ 'big/data/0': Buffer.alloc(16 * 1024 * 1024, byte) });
  };

  it('by kill -9 at any moment leaves the pair absent, old or complete, and nothing that piles up', async () => {
    change(1);
    command.run(args());
    const old = outcome();
    change(2);
    const started = Date.now();
    command.run([...args(), '-o', 'big/other.img']);
    const wholeMs = Date.now() - started;
    const complete = sha256('big/other.img');
    expect(complete).not.toBe(old);
    const seen: string[] = [];
    for (const part of [0.1, 0.3, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1, 1.05, 1.2]) {
      await command.interrupt(args(), 'SIGKILL', wholeMs * part);
      seen.push(outcome());
    }
    expect(seen.filter((end) => end !== old && end !== complete)).toEqual([]);
    // the first was too early to change anything, whatever the machine
    expect(seen[0]).toBe(old);
    command.run(args());
    expect(outcome()).toBe(complete);
    expect(files('big/out')).toEqual(['a.img', 'a.img.json']);
  });

  it('by Ctrl-C ends with 130 and leaves the old image', async () => {
    const before = outcome();
    change(3);
    let sent = 0;
    const isWriting = (): boolean => files('big/out').some((name) => name.endsWith('.tmp')) && ++sent === 1;
    expect(await command.interrupt(args(), 'SIGINT', isWriting)).toBe(130);
    expect(files('big/out')).toEqual(['a.img', 'a.img.json']);
    expect(outcome()).toBe(before);
  });

  itWhere(`by a full disk says so and leaves nothing${why}`, () => {
    const script = 'mount -t tmpfs -o size=16m tmpfs "$1" && shift && exec "$@"';
    mkdirSync(join(command.root, 'full'), { recursive: true });
    const before = ['unshare', '--map-root-user', '--mount', 'sh', '-c', `${script}; `, 'sh', join(command.root, 'full')];
    const listing = ['unshare', '--map-root-user', '--mount', 'sh', '-c', 'mount -t tmpfs -o size=16m tmpfs "$1"; folder=$1; shift; "$@"; code=$?; ls -A "$folder" >&2; exit $code', 'sh', join(command.root, 'full')];
    expect(command.run([...args(), '-o', join(command.root, 'full/a.img')], { before }).exitCode).toBe(1);
    const run = command.run([...args(), '-o', join(command.root, 'full/a.img')], { before: listing });
    expect(run).toMatchObject({ exitCode: 1, stdout: '', stderr: expect.stringContaining('no space is left on the disk') as string });
    expect(run.stderr).not.toContain('.tmp');
  });

  itWhere(`by a read-only folder says so${why}`, () => {
    const before = ['unshare', '--map-root-user', '--mount', 'sh', '-c', 'mount -t tmpfs -o ro tmpfs "$1" && shift && exec "$@"', 'sh', join(command.root, 'full')];
    const run = command.run([...args(), '-o', join(command.root, 'full/a.img')], { before });
    expect(run).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('the file system is read-only') as string });
  });
});

describe('looking into an image', () => {
  const image = 'crate/target/release/my_prover.img';

  it('lists, draws and shows files', () => {
    expect(command.run(['ls', image, '/etc']).stdout).toBe('          33  /etc/passwd\n          20  /etc/resolv.conf\n');
    expect(command.run(['cat', image, '/etc/passwd']).stdout).toBe('root:x:0:0:root:/root:/bin/nobash');
    expect(JSON.parse(command.run(['cat', image, '/etc/passwd', '--json']).stdout)).toEqual({ path: '/etc/passwd', base64: Buffer.from('root:x:0:0:root:/root:/bin/nobash').toString('base64') });
    expect(command.run(['tree', image]).stdout).toContain('└── workspace/\n');
    expect(command.run(['ls', image, '--boot', '-R']).stdout).toContain('/kernel\n');
  });

  it('says so when its output does not fit on the disk', () => {
    const run = command.run(['ls', image], { before: ['sh', '-c', '"$@" > /dev/full', 'sh'] });
    expect(run).toMatchObject({ exitCode: 1, stderr: 'error PVM_WRITE_FAILED: Could not write the output: ENOSPC: no space left on device, write\n' });
  });

  it('tells what it is', () => {
    expect(JSON.parse(command.run(['inspect', image, '--json']).stdout)).toMatchObject({
      sha256: sha256(image),
      attributes: { program: '/my_prover', arguments: ['my_prover'], mounts: { '%0': '/workspace' }, readonly_rootfs: 'true' },
    });
    expect(command.run(['inspect', image]).stdout).toContain(sha256(image));
  });

  it('does not mind a reader that stops early', () => {
    const run = command.run(['ls', image, '-R'], { before: ['sh', '-c', '"$@" | true', 'sh'] });
    expect(run).toMatchObject({ exitCode: 0, stderr: '' });
  });

  it('says so when there is no image', () => {
    expect(command.run(['inspect', 'crate/my_prover.json'])).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('PVM_BAD_IMAGE') as string });
    expect(command.run(['ls', image, '/none'])).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('`/none` is not in') as string });
  });

  it('gives errors as JSON where asked for', () => {
    const { exitCode, stdout } = command.run(['inspect', 'none', '--json']);
    expect(exitCode).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'PVM_NO_FILE' } });
  });
});

describe('package-vm nanos', () => {
  it('locks a folder and verifies it in every build', () => {
    layCrate('locked/crate');
    command.write({ 'locked/nx.json': '{}' });
    command.writeRelease('locked/release');
    expect(command.run(['nanos', 'lock', '--nanos-dir', '../release'], { folder: 'locked/crate' }).exitCode).toBe(0);
    expect(JSON.parse(command.read('locked/nanos.lock.json').toString())).toMatchObject({ schemaVersion: 1 });
    const args = ['build', 'target/release/my_prover', '-c', 'my_prover.json', '--nanos-dir', '../release'];
    expect(command.run(args, { folder: 'locked/crate' }).stderr).not.toContain('not-locked');
    command.write({ 'locked/release/kernel.img': 'another kernel' });
    expect(command.run(args, { folder: 'locked/crate' })).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('PVM_NANOS_DIGEST_MISMATCH') as string });
    rmSync(join(command.root, 'locked/nanos.lock.json'));
  });
});

describe('a crate', () => {
  beforeAll(() => {
    command.write({
      'workspace/nx.json': '{}',
      'workspace/crate/Cargo.toml': '[package]\nname = "seven"\nversion = "0.1.0"\nedition = "2021"\n',
      'workspace/crate/Cargo.lock': 'version = 4\n\n[[package]]\nname = "seven"\nversion = "0.1.0"\n',
      'workspace/crate/src/main.rs': 'fn main() { println!("{:?}", std::env::args().collect::<Vec<_>>()); std::process::exit(7) }\n',
    });
  });

  it('gets a manifest once, which has no finding', () => {
    expect(command.run(['init'], { folder: 'workspace/crate' })).toMatchObject({ exitCode: 0, stdout: 'Wrote vm.json\n' });
    const { exitCode, stdout } = command.run(['check', '--json'], { folder: 'workspace/crate' });
    expect([exitCode, JSON.parse(stdout)]).toEqual([0, expect.objectContaining({ findings: [] })]);
    expect(command.run(['init'], { folder: 'workspace/crate' })).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('PVM_MANIFEST_EXISTS') as string });
  });

  it('is built by cargo and packaged with its libraries', () => {
    const { exitCode, stdout, stderr } = command.run(['build', 'workspace/crate', ...release()]);
    expect(stderr).toContain('Compiling');
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: `Bootable image file:${join(command.root, 'workspace/dist/package-vm/crate/seven/image/seven.img')}\n` });
    expect(command.run(['tree', 'workspace/dist/package-vm/crate/seven/image/seven.img']).stdout).toContain('libc.so.6');
  });

  it('gives the same image as the program by itself', () => {
    const { exitCode } = command.run(['build', 'workspace/crate/target/release/seven', '-c', 'workspace/crate/vm.json', '-o', 'seven.img', ...release()]);
    expect(exitCode).toBe(0);
    expect(sha256('seven.img')).toBe(sha256('workspace/dist/package-vm/crate/seven/image/seven.img'));
  });

  itWhere(`ends a rehearsal with the program's exit code${why}`, () => {
    expect(command.run(['rehearse', 'seven.img'])).toMatchObject({ exitCode: 7, stdout: '["seven"]\n', stderr: expect.stringContaining('not a run on Nanos') as string });
    expect(JSON.parse(command.run(['rehearse', 'seven.img', '--json']).stdout)).toMatchObject({ outcome: 'exited', exitCode: 7 });
  });

  it('that does not compile ends with cargo\'s own words', () => {
    command.write({ 'workspace/crate/src/main.rs': 'fn main() { let x: u8 = "no"; }\n' });
    expect(command.run(['build', 'workspace/crate', ...release()])).toMatchObject({ exitCode: 1, stdout: '', stderr: expect.stringContaining('mismatched types') as string });
  });

  it('finds mistakes of a manifest, each in its place', () => {
    command.write({ 'workspace/crate/vm.json': '{\n  "Program": "seven",\n  "Filse": []\n}\n' });
    const { exitCode, stderr } = command.run(['check', 'workspace/crate']);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/vm\.json:3:3 error unknown-key/);
    expect(stderr).toContain('`Files`');
  });
});
