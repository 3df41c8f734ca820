import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { standInOps } from '../packages/ops/src/testing/stand-in-ops.js';
import { diffImages } from '../packages/package-vm/src/diff/diff-images.js';
import { InstalledCommand, type CommandRun } from './installed-command.js';

const realOps = process.env.PACKAGE_VM_TEST_OPS;
const hasStrace = spawnSync('strace', ['-V']).status === 0;
const canCutNetwork = spawnSync('unshare', ['--map-root-user', '--net', 'true']).status === 0;

let command: InstalledCommand;
beforeAll(() => {
  command = new InstalledCommand();
  command.writeRelease('release');
  command.writeProgram('crate/my_prover');
  command.write({ 'crate/vm.json': JSON.stringify({ Mounts: { '%0': '/workspace' }, Dirs: ['data'], ManifestPassthrough: { readonly_rootfs: 'true', debug_exit: 'true' } }), 'crate/data/a': 'a' });
  mkdirSync(at('tmp'));
  expect(build('builtin', 'reference.img').exitCode).toBe(0);
}, 120_000);
afterAll(() => {
  command.remove();
});

const at = (...parts: readonly string[]): string => join(command.root, ...parts);
const args = (engine: string, output: string): string[] => ['build', at('crate/my_prover'), '-c', at('crate/vm.json'), '--nanos-dir', at('release'), '--engine', engine, '-o', at(output)];
const environment = (ops?: string): Record<string, string> => ({ TMPDIR: at('tmp'), HOME: at('home'), PATH: ops === undefined ? withoutOps() : `${dirname(ops)}:${withoutOps()}` });
const build = (engine: string, output: string, { ops, before, flags = [] }: { ops?: string; before?: readonly string[]; flags?: readonly string[] } = {}): CommandRun =>
  command.run([...args(engine, output), ...flags], { env: environment(ops), ...(before === undefined ? {} : { before }) });
const left = (): readonly string[] => readdirSync(at('tmp'));

/** A stand-in that gives an image which the builtin engine has made. */
const standIn = (name: string, build?: string, version?: string): string =>
  standInOps(at(name), { build: build ?? copying('reference.img'), ...(version === undefined ? {} : { version }) });
const copying = (image: string): string => `cat '${at(image)}' > ../home/.ops/images/image; echo 'Bootable image file:../home/.ops/images/image'`;

function withoutOps(): string {
  return (process.env.PATH ?? '').split(':').filter((folder) => !existsSync(join(folder, 'ops'))).join(':');
}

describe('package-vm build --engine ops, with a stand-in', () => {
  it('puts image, result file and last line where the builtin engine has them', () => {
    const { exitCode, stdout } = build('ops', 'a.img', { ops: standIn('good') });
    expect([exitCode, stdout]).toEqual([0, `Bootable image file:${at('a.img')}\n`]);
    const result = (path: string): Record<string, unknown> => JSON.parse(command.read(path).toString()) as Record<string, unknown>;
    // the stand-in's image has the same bytes
    expect(result('a.img.json')).toEqual({ ...result('reference.img.json'), engine: 'ops', engineVersion: '0.1.46', layoutVersion: null });
    expect(left()).toEqual([]);
  });

  it('turns what ops says into findings', () => {
    const { exitCode, stderr } = build('ops', 'b.img', { ops: standIn('talkative', `printf '\\033[1;33mwarning: a word\\033[0m\\n'; ${copying('reference.img')}`) });
    expect(exitCode).toBe(0);
    expect(stderr).toContain('warning ops-warning: ops said: warning: a word');
    expect(JSON.parse(command.read('b.img.json').toString())).toMatchObject({ findings: expect.arrayContaining([expect.objectContaining({ code: 'ops-warning' })]) as unknown });
  });

  it('refuses an image that is not what was planned, and leaves the old one', () => {
    command.write({ 'crate/data/b': 'added later' });
    const before = readFileSync(at('a.img'));
    const { exitCode, stderr } = build('ops', 'a.img', { ops: standIn('good') });
    rmSync(at('crate/data/b'));
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining('PVM_OPS_DIFFERS: The image that ops made is not what was planned: root `/data/b` is missing')]);
    expect(readFileSync(at('a.img')).equals(before)).toBe(true);
    expect(left()).toEqual([]);
  });

  it('tells what ops added', () => {
    command.write({ 'crate/data/c': 'removed later' });
    expect(build('builtin', 'more.img').exitCode).toBe(0);
    rmSync(at('crate/data/c'));
    expect(build('ops', 'c.img', { ops: standIn('generous', copying('more.img')) })).toMatchObject({ exitCode: 0, stderr: expect.stringContaining('ops-added: ops added root `/data/c`') as unknown });
  });

  it.each([
    { reason: 'there is none', ops: () => undefined, exitCode: 3, words: ['PVM_MISSING_TOOL: Could not find `ops`', 'curl https://ops.city/get.sh -sSfL | sh'] },
    { reason: 'it is too old', ops: () => standIn('old', undefined, '0.1.30'), exitCode: 3, words: ['PVM_OPS_TOO_OLD', 'ops 0.1.30, but 0.1.42 or later', 'curl https://ops.city/get.sh -sSfL | sh'] },
    { reason: 'it fails', ops: () => standIn('bad', `printf '\\033[1;31mfailed building manifest\\033[0m\\n' >&2; exit 1`), exitCode: 1, words: ['PVM_OPS_FAILED', '`ops build` ended with exit code 1:\nfailed building manifest\n'] },
  ])('says so when $reason', ({ ops, exitCode, words }) => {
    const program = ops();
    const run = build('ops', 'none.img', program === undefined ? {} : { ops: program });
    expect(run.exitCode).toBe(exitCode);
    for (const word of words) expect(run.stderr).toContain(word);
    expect(existsSync(at('none.img'))).toBe(false);
    expect(left()).toEqual([]);
  });

  it('ends with all its children on Ctrl-C', async () => {
    const ops = standIn('endless', `sleep 60 & echo $! > '${at('pid')}'; wait`);
    const child = spawn(command.path, args('ops', 'stopped.img'), { env: { ...process.env, NODE_OPTIONS: undefined, ...environment(ops) }, stdio: 'ignore' });
    const ended = new Promise((resolve) => child.on('exit', (code, signal) => { resolve(signal ?? code); }));
    while (!existsSync(at('pid')) || readFileSync(at('pid'), 'utf8') === '') await new Promise((resolve) => setTimeout(resolve, 20));
    child.kill('SIGINT');
    await expect(ended).resolves.toBe(130);
    const pid = readFileSync(at('pid'), 'utf8').trim();
    // a killed process that nobody waited for may stay as a zombie
    expect(existsSync(`/proc/${pid}/stat`) ? readFileSync(`/proc/${pid}/stat`, 'utf8') : ') Z ').toContain(') Z ');
    expect(readdirSync(command.root).filter((name) => name.includes('stopped'))).toEqual([]);
    expect(left()).toEqual([]);
  });
});

describe('package-vm diff', () => {
  it('tells what two images have differently, and ends with 1', () => {
    const { exitCode, stdout } = command.run(['diff', 'reference.img', 'more.img']);
    expect([exitCode, stdout]).toEqual([1, expect.stringMatching(/^! root \/data\/c: only in more\.img: file of 13 bytes, sha256 [0-9a-f]{12}…\nThe trees differ/)]);
  });

  it('ends with 0 where there is nothing', () => {
    expect(command.run(['diff', 'reference.img', 'a.img'])).toMatchObject({ exitCode: 0, stdout: 'The trees are the same\n' });
    const { stdout } = command.run(['diff', 'reference.img', 'a.img', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({ isSame: true, differences: [], a: { engine: 'builtin' } });
  });
});

if (realOps === undefined) it.skip('package-vm build --engine ops, with a real ops: 5 tests (waits for a real ops: PACKAGE_VM_TEST_OPS)', () => undefined);
else {
  describe('package-vm build --engine ops, with a real ops', () => {
    const program = (): string => {
      if (!existsSync(at('real/ops'))) {
        mkdirSync(at('real'), { recursive: true });
        symlinkSync(realOps, at('real/ops'));
      }
      return at('real/ops');
    };
    const differences = (image: string): readonly unknown[] => diffImages(at('reference.img'), at(image)).differences.filter(({ accepted }) => accepted === undefined);

    it('takes nothing from the user and leaves nothing there', () => {
      // a configuration that would change every image
      const spoiling = JSON.stringify({ Args: ['spoilt'], Env: { SPOILT: '1' } });
      command.write({ 'home/.opsrc': spoiling, 'home/default.json': spoiling, 'home/.ops/latest.txt': '0.0.1' });
      const run = command.run(args('ops', 'd.img'), { env: { ...environment(program()), OPS_DEFAULT_CONFIG: at('home/default.json'), OPS_HOME: at('home') } });
      expect(run.exitCode).toBe(0);
      expect(differences('d.img')).toEqual([]);
      expect(readdirSync(at('home'), { recursive: true }).sort()).toEqual(['.ops', '.ops/latest.txt', '.opsrc', 'default.json']);
      expect(left()).toEqual([]);
    });

    it('keeps ten builds at once apart', async () => {
      const names = Array.from({ length: 10 }, (_, index) => `at-once-${index}.img`);
      const codes = names.map(
        (name) =>
          new Promise((resolve) => {
            const child = spawn(command.path, args('ops', name), { env: { ...process.env, NODE_OPTIONS: undefined, ...environment(program()) }, stdio: 'ignore' });
            child.on('exit', resolve);
          }),
      );
      await expect(Promise.all(codes)).resolves.toEqual(names.map(() => 0));
      for (const name of names) expect(differences(name)).toEqual([]);
      expect(left()).toEqual([]);
    });

    it('shows a command that makes the image by hand', () => {
      const { exitCode, stderr } = build('ops', 'e.img', { ops: program(), flags: ['--verbose'] });
      expect(exitCode).toBe(0);
      const line = stderr.split('\n').find((text) => text.startsWith('cd ')) ?? '';
      const byHand = spawnSync('/bin/sh', ['-c', line], { encoding: 'utf8', timeout: 20_000 });
      const image = /^Bootable image file:(.*)$/m.exec(byHand.stdout)?.[1] ?? '';
      const [kept = ''] = left();
      expect(diffImages(at('e.img'), at('tmp', kept, 'work', image)).differences).toEqual([]);
      rmSync(at('tmp', kept), { recursive: true });
    });

    const traced = hasStrace ? it : it.skip;
    traced(`reaches for no address but loopback${hasStrace ? '' : ' (waits for strace)'}`, () => {
      const { exitCode } = build('ops', 'f.img', { ops: program(), before: ['strace', '-f', '-qq', '-e', 'trace=connect,sendto,sendmsg', '-o', at('trace')] });
      expect(exitCode).toBe(0);
      const addresses = [...command.read('trace').toString().matchAll(/(?:inet_addr\("|inet_pton\(AF_INET6, ")([^"]+)"/g)].map(([, address]) => address);
      expect(addresses.length).toBeGreaterThan(0);
      expect(new Set(addresses)).toEqual(new Set(['127.0.0.1']));
    });

    const cut = canCutNetwork ? it : it.skip;
    cut(`loses less than a second to a dead network${canCutNetwork ? '' : ' (waits for user namespaces)'}`, () => {
      const time = (engine: string): number => {
        const start = performance.now();
        expect(build(engine, 'g.img', { ops: program(), before: ['unshare', '--map-root-user', '--net'] }).exitCode).toBe(0);
        return performance.now() - start;
      };
      // the whole of ops, not only what the network costs it
      expect(time('ops') - time('builtin')).toBeLessThan(1000);
    });
  });
}

