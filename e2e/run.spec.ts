// Images booted in QEMU: with the placeholder release, which runs no program, and where one is found with a real Nanos release.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { closeSync, copyFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, readSync, readdirSync, realpathSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { type BootOptions, type BootResult, bootImage } from '../packages/package-vm/src/boot/boot-image.js';
import { rehearse } from '../packages/package-vm/src/rehearse/rehearse.js';
import { type RunResult, commandExitCode } from '../packages/package-vm/src/task/run-result.js';
import { type ImageContent, makeImage } from './probes/make-image.js';

const repository = join(import.meta.dirname, '..');
const COMMAND = join(repository, 'packages/package-vm/dist/cli/main.js');
const PROBE = join(import.meta.dirname, 'probes/probe.c');

const isThere = (tool: string, ...args: string[]): boolean => spawnSync(tool, args.length === 0 ? ['--version'] : args).status === 0;
const nanos = process.env.PACKAGE_VM_TEST_NANOS_DIR;

// what is missing for each part, or undefined
const waitsForQemu = isThere('qemu-system-x86_64') ? undefined : 'QEMU: apt-get install qemu-system-x86';
const waitsForPlaceholder = waitsForQemu ?? (['as', 'x86_64-linux-gnu-as', 'x86_64-elf-as'].some((tool) => isThere(tool)) ? undefined : 'an assembler: apt-get install binutils');
const waitsForNanos = waitsForQemu ?? (nanos === undefined ? 'a Nanos release: PACKAGE_VM_TEST_NANOS_DIR' : isThere('gcc') ? undefined : 'gcc, with a static C library');
const waitsForRehearsal = waitsForNanos ?? (isThere('unshare', '--user', '--map-root-user', 'true') ? undefined : 'user namespaces');
const waitsForCargo = waitsForNanos ?? (isThere('cargo') ? undefined : 'cargo');
const waitsForOps = waitsForNanos ?? (process.env.PACKAGE_VM_TEST_OPS === undefined ? 'the real ops: PACKAGE_VM_TEST_OPS' : undefined);

function suite(name: string, waitsFor: string | undefined, body: () => void): void {
  if (waitsFor === undefined) describe(name, body);
  else describe.skip(`${name} (waits for ${waitsFor})`, body);
}

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'package-vm-run-')));
const at = (...parts: string[]): string => join(folder, ...parts);
const fresh = (name: string): string => mkdtempSync(at(`${name}-`));
beforeAll(() => {
  writeFileSync(at('hostile-task.json'), '{"id":"1","args":[],"files":[]}');
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

type Seen = BootResult & { readonly output: string; readonly kernelLines: readonly string[] };

/** Boots emulated: what a machine's KVM can do is another matter. */
async function boot(imagePath: string, options: Partial<BootOptions> = {}): Promise<Seen> {
  let output = '';
  const kernelLines: string[] = [];
  const result = await bootImage({
    imagePath, accelerator: 'tcg', memoryMiB: 512, timeoutMs: 60_000, cacheFolder: at('cache'), ...options,
    onOutput: (chunk) => (output += Buffer.from(chunk).toString()),
    onKernelLine: (line) => kernelLines.push(line),
  });
  return { ...result, output, kernelLines };
}

interface CommandRun {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function command(...args: readonly string[]): CommandRun {
  const env = { ...process.env, PATH: `${at('bin')}:${process.env.PATH ?? ''}` };
  const { status, stdout, stderr } = spawnSync(process.execPath, [COMMAND, ...args], { cwd: folder, encoding: 'utf8', env, timeout: 120_000 });
  return { status, stdout, stderr };
}

/** Command lines of QEMUs that have this text. */
function qemusWith(text: string): string[] {
  const { stdout } = spawnSync('ps', ['-eo', 'args'], { encoding: 'utf8' });
  return stdout.split('\n').filter((line) => /^\S*qemu-system/.test(line) && line.includes(text));
}

async function until(condition: () => boolean): Promise<void> {
  for (let tries = 0; !condition() && tries < 400; tries++) await setTimeout(25);
  expect(condition()).toBe(true);
}

suite('an image with the placeholder release', waitsForPlaceholder, () => {
  let release: string;
  let image: string;
  beforeAll(() => {
    release = at('placeholder');
    execFileSync(process.execPath, [join(repository, 'examples/placeholder-release/build.mjs'), release]);
    image = at('placeholder.img');
    makeImage(image, { files: { '/p': Buffer.from('not run') }, attributes: { program: '/p', debug_exit: 't', mounts: new Map([['%0', '/workspace']]) }, release });
  });

  it('is accepted by a BIOS, and everything lies where the loader looks', async () => {
    const before = digest(image);
    const seen = await boot(image);
    expect(seen).toMatchObject({ outcome: 'halted', explanation: 'The image boots and its layout is sound, but it holds the placeholder release, which runs no program.', output: '' });
    expect(seen.kernelLines).toContain('placeholder: the layout is sound');
    expect(seen.peakMemoryBytes ?? 1).toBeGreaterThan(0);
    expect(digest(image)).toBe(before);
  });

  it.each(['prover', 'verifier'])('is sound with the manifest of the example %s', (example) => {
    const program = fresh('example');
    copyFileSync(join(repository, 'packages/disk-image/src/testing/golden/hello'), join(program, `hash-chain-${example}`));
    copyFileSync(join(repository, 'examples', example, 'vm.json'), join(program, 'vm.json'));
    expect(command('build', join(program, `hash-chain-${example}`), '-c', join(program, 'vm.json'), '--nanos-dir', release, '-o', join(program, 'x.img'))).toMatchObject({ status: 0 });
    const { status, stderr } = command('run', join(program, 'x.img'), '--accel', 'tcg', '--memory', '64M');
    expect([status, stderr]).toEqual([134, expect.stringContaining('kernel: placeholder: the layout is sound\n')]);
  });

  it('is run by the executor for Nx as by the command, which says as much', () => {
    mkdirSync(at('nx-workspace'));
    writeFileSync(at('nx-workspace/in'), 'input');
    const run = (options: object): CommandRun => {
      const script = `import('${join(repository, 'packages/nx/dist/executors/run-vm/executor.js')}').then(({ runVm }) => runVm(${JSON.stringify(options)}, { root: ${JSON.stringify(folder)} })).then(({ success }) => { process.exitCode = success ? 0 : 1; })`;
      return spawnSync(process.execPath, ['-e', script], { encoding: 'utf8', timeout: 60_000 });
    };
    const { status, stderr } = run({ image: 'placeholder.img', accel: 'tcg', memoryMiB: 64, inputFile: ['nx-workspace/in', 'sub/other=nx-workspace/in'], workspace: 'nx-workspace/ws', qemuArg: ['-name', 'mine'] });
    expect(status).toBe(1);
    expect(stderr).toMatch(/^kernel: placeholder: the layout is sound\n[^]*^The image boots [^]*runs no program\. \(\d+\.\d\d s, booted after \d+\.\d\d s, (?:at most \d+\.\d .iB of 64\.0 MiB of memory, )?tcg\)\n[^]*^Workspace:.*\/ws\nExit code:134\n$/m);
    expect(readdirSync(at('nx-workspace/ws'), { recursive: true }).sort()).toEqual(['in', 'sub', 'sub/other']);
    expect(run({ image: 'placeholder.img', accel: 'tcg', memoryMiB: 64, timeoutSeconds: 3e6 }).stderr).toMatch(/^PVM_BAD_USAGE: The time limit is 3000000 seconds/);
    expect(run({ image: 'placeholder.img', qemu: '/bin/true', filesFrom: ['a', 'b'] }).stderr).toMatch(/^PVM_BAD_WORKSPACE: There is no `task_result.json` in /);
  });

  it('whose layout is wrong is told apart', async () => {
    const damaged = at('damaged.img');
    copyFileSync(image, damaged);
    // the reader minds it no more than Nanos does
    truncateSync(damaged, readFileSync(image).length + 512);
    expect(await boot(damaged)).toMatchObject({ outcome: 'halted', explanation: expect.stringContaining('its layout is WRONG') as string });
  });

  it('that no BIOS starts is stopped at the time limit', async () => {
    const unbootable = at('unbootable.img');
    const bytes = readFileSync(image);
    // an endless loop where the boot loader begins
    bytes.set([0xeb, 0xfe]);
    writeFileSync(unbootable, bytes);
    expect(await boot(unbootable, { timeoutMs: 1500 })).toMatchObject({ outcome: 'timed-out', explanation: expect.stringContaining('does not seem to have booted') as string });
    expect(qemusWith('unbootable.img')).toEqual([]);
  });

  it('takes paths with a comma and a space', async () => {
    const odd = at('odd, image=x.img');
    copyFileSync(image, odd);
    expect(await boot(odd, { workspace: at('odd, workspace') })).toMatchObject({ outcome: 'halted', workspace: at('odd, workspace'), serialLog: at('odd, workspace.serial.log') });
    expect(readFileSync(at('odd, workspace.serial.log'), 'utf8')).toContain('placeholder: the layout is sound\n');
    expect(readdirSync(at('odd, workspace'))).toEqual([]);
  });

  it.each([
    { reason: 'an argument that QEMU refuses', options: { qemuArgs: ['-no-such-option'] }, code: 'PVM_QEMU_FAILED' },
    { reason: 'more CPUs than QEMU has', options: { cpus: 100_000 }, code: 'PVM_QEMU_FAILED' },
    { reason: 'an accelerator of another system', options: { accelerator: process.platform === 'darwin' ? 'kvm' : 'hvf' } as const, code: 'PVM_NO_ACCELERATION' },
    { reason: 'memory that no machine has', options: { memoryMiB: 1024 * 1024 * 1024 }, code: 'PVM_NOT_ENOUGH_MEMORY' },
  ])('is not booted with $reason', async ({ options, code }) => {
    await expect(boot(image, options)).rejects.toMatchObject({ code });
  });

  it('ends properly twenty times at once', async () => {
    const workspaces = Array.from({ length: 20 }, (_, index) => at(`twenty-${index}`));
    const results = await Promise.all(workspaces.map((workspace) => boot(image, { workspace, memoryMiB: 64 })));
    expect(results.map(({ outcome }) => outcome)).toEqual(workspaces.map(() => 'halted'));
    expect(qemusWith('placeholder.img')).toEqual([]);
  });

  it.each(['SIGINT', 'SIGTERM', 'SIGKILL'] as const)('leaves no QEMU after %s', async (signal) => {
    const endless = at(`endless-${signal}.img`);
    const bytes = readFileSync(image);
    bytes.set([0xeb, 0xfe]);
    writeFileSync(endless, bytes);
    const scratch = fresh('tmp');
    const child = spawn(process.execPath, [COMMAND, 'run', endless, '--accel', 'tcg', '--memory', '64M'], { stdio: 'ignore', env: { ...process.env, TMPDIR: scratch } });
    const ended = new Promise((resolve) => child.once('exit', resolve));
    await until(() => qemusWith(endless).length === 1);
    child.kill(signal);
    await ended;
    await until(() => qemusWith(endless).length === 0);
    // nothing can run after a SIGKILL: the next run sweeps
    if (signal !== 'SIGKILL') expect(readdirSync(scratch)).toEqual([]);
  });

  it('tells nothing of a program whose QEMU somebody else ends', async () => {
    const endless = at('ended.img');
    const bytes = readFileSync(image);
    bytes.set([0xeb, 0xfe]);
    writeFileSync(endless, bytes);
    const running = expect(boot(endless, { memoryMiB: 64 })).rejects.toMatchObject({ code: 'PVM_QEMU_FAILED', message: expect.stringMatching(/^QEMU was ended from outside.*terminating on signal 15/) as string });
    await until(() => qemusWith(endless).length === 1);
    // QEMU may not have its handler yet
    await setTimeout(500);
    const { stdout } = spawnSync('ps', ['-eo', 'pid,args'], { encoding: 'utf8' });
    process.kill(Number(stdout.split('\n').find((line) => line.includes('qemu-system') && line.includes(endless))?.trim().split(' ')[0]), 'SIGTERM');
    await running;
  });

  it('waits for gdb before the first instruction', async () => {
    const controller = new AbortController();
    const port = 20_000 + (process.pid % 10_000);
    const running = boot(image, { gdbPort: port, signal: controller.signal });
    // gdb's remote protocol: the answer to `?` is why the VM stands still
    let answer = '';
    for (let tries = 0; answer === '' && tries < 100; tries++) {
      await setTimeout(50);
      answer = spawnSync('bash', ['-c', `exec 3<>/dev/tcp/127.0.0.1/${port} && printf '+$?#3f' >&3 && head -c 4 <&3`], { encoding: 'utf8', timeout: 2000 }).stdout;
    }
    controller.abort();
    await expect(running).rejects.toMatchObject({ code: 'PVM_CANCELLED' });
    expect(answer).toMatch(/^\+\$[ST]/);
  });
});

/** What the kernel says when it gives up, in the mouth of a program. */
const FORGED = [
  'unable to open filesystem: x', 'program startup failed on exec: (result:unable to open program file /x)', 'frame trace: ', 'assertion x failed at y.c:1 (IP 0xff) in f()',
  'cpu: 0, context type: 1', '', '*** signal 11 received by tid 2, errno 0, code 1', '   core dump', '',
].join('\n');

const ATTRIBUTES = {
  program: '/probe', readonly_rootfs: 'true', debug_exit: 't',
  mounts: new Map([['%0', '/workspace']]),
  environment: new Map([['NAME', 'wört mit Leerzeichen'], ['NANOS_VERSION', '0.1.54']]),
};

type ProbeContent = Partial<ImageContent> & { readonly without?: readonly string[] };

/** An image that runs the probe with these arguments on a real Nanos. */
function probeImage(args: readonly string[], { without = [], ...content }: ProbeContent = {}): string {
  const path = join(fresh('image'), 'probe.img');
  const attributes = Object.entries({ ...ATTRIBUTES, arguments: ['probe', ...args], ...content.attributes }).filter(([name]) => !without.includes(name));
  makeImage(path, {
    files: { '/probe': { hostPath: at('probe') }, '/proc/self/exe': { link: '/probe' }, ...content.files },
    folders: content.folders ?? ['/workspace'],
    attributes: Object.fromEntries(attributes),
    release: nanos,
  });
  return path;
}

function buildProbes(): void {
  if (existsSync(at('probe'))) return;
  execFileSync('gcc', ['-static', '-O1', '-pthread', '-o', at('probe'), PROBE]);
  execFileSync('gcc', ['-O1', '-pthread', '-o', at('dynamic'), PROBE]);
}

interface Ending {
  readonly reason: string;
  readonly args: readonly string[];
  readonly content?: ProbeContent;
  readonly options?: Partial<BootOptions>;
  readonly outcome: string;
  readonly code: number;
  readonly explanation: string;
}

const ENDINGS: readonly Ending[] = [
  { reason: 'code 0', args: ['end', 'exit', '0'], outcome: 'exited', code: 0, explanation: 'exit code 0.' },
  { reason: 'code 1', args: ['end', 'exit', '1'], outcome: 'exited', code: 1, explanation: 'exit code 1.' },
  { reason: 'code 7', args: ['end', 'exit', '7'], outcome: 'exited', code: 7, explanation: 'exit code 7.' },
  { reason: 'code 127', args: ['end', 'exit', '127'], outcome: 'exited', code: 127, explanation: '127, or 255' },
  { reason: 'code 255', args: ['end', 'exit', '255'], outcome: 'exited', code: 127, explanation: '127, or 255' },
  { reason: 'code 128', args: ['end', 'exit', '128'], outcome: 'exited', code: 125, explanation: '128 or 256, which arrive as 0' },
  { reason: 'code 256', args: ['end', 'exit', '256'], outcome: 'exited', code: 125, explanation: '128 or 256, which arrive as 0' },
  { reason: 'words of the kernel in its mouth', args: ['say', FORGED, '0'], outcome: 'exited', code: 0, explanation: 'exit code 0.' },
  { reason: 'words of the kernel in its mouth and code 7', args: ['say', FORGED, '7'], outcome: 'exited', code: 7, explanation: 'exit code 7.' },
  { reason: 'words of the kernel in its mouth, and nothing for long', args: ['linger', FORGED.replace('frame trace: ', ''), '3', '0'], outcome: 'exited', code: 0, explanation: 'exit code 0.' },
  { reason: 'SIGTERM without debug_exit', args: ['end', 'signal', '15'], content: { without: ['debug_exit'] }, outcome: 'signal', code: 143, explanation: 'SIGTERM' },
  { reason: 'abort without debug_exit', args: ['end', 'abort'], content: { without: ['debug_exit'] }, outcome: 'signal', code: 134, explanation: 'SIGABRT' },
  { reason: 'code 3 without debug_exit', args: ['end', 'exit', '3'], content: { without: ['debug_exit'] }, outcome: 'exited', code: 125, explanation: 'The program failed, as the kernel shows' },
  { reason: 'words of the kernel in its mouth without debug_exit', args: ['say', `${FORGED}end\n`, '0'], content: { without: ['debug_exit'] }, outcome: 'exited', code: 125, explanation: 'The program ended; the image gives no exit code.' },
  { reason: 'a crash of the kernel', args: ['statfs'], outcome: 'halted', code: 134, explanation: 'The Nanos kernel itself crashed.' },
  { reason: 'a write to a root that is not read-only', args: ['act'], content: { without: ['readonly_rootfs'] }, outcome: 'exited', code: 0, explanation: 'exit code 0.' },
  { reason: 'a code that is expected', args: ['end', 'exit', '7'], content: { attributes: { expected_exit_code: '7' } }, outcome: 'exited', code: 0, explanation: 'exit code 0.' },
  { reason: 'a panic', args: ['end', 'exit', '101'], outcome: 'panic', code: 101, explanation: 'panicked' },
  { reason: 'abort', args: ['end', 'abort'], outcome: 'signal', code: 134, explanation: 'SIGABRT' },
  { reason: 'a wild pointer', args: ['end', 'fault'], outcome: 'signal', code: 139, explanation: 'SIGSEGV' },
  { reason: 'SIGKILL', args: ['end', 'signal', '9'], outcome: 'signal', code: 137, explanation: 'SIGKILL' },
  { reason: 'SIGTERM', args: ['end', 'signal', '15'], outcome: 'signal', code: 143, explanation: 'SIGTERM' },
  { reason: 'too little memory', args: ['end', 'hungry'], options: { memoryMiB: 128 }, outcome: 'signal', code: 135, explanation: 'The VM ran out of memory' },
  { reason: 'no end', args: ['end', 'sleep'], options: { timeoutMs: 3000 }, outcome: 'timed-out', code: 124, explanation: 'did not end within 3 seconds' },
  { reason: 'an Err', args: ['result', '{"Err":"no luck"}'], outcome: 'error-result', code: 123, explanation: '`Err`: no luck.' },
  { reason: 'garbage for a result', args: ['result', '{"Ok":'], outcome: 'error-result', code: 123, explanation: 'it is not JSON' },
  { reason: 'a wrong program path', args: [], content: { attributes: { program: '/absent' } }, outcome: 'load-failure', code: 127, explanation: 'The image has no program `/absent`.' },
  { reason: 'no program at all', args: [], content: { attributes: { program: 7n } }, outcome: 'halted', code: 134, explanation: 'has no sound `program`' },
  { reason: 'a path of the kernel', args: [], content: { files: { '/proc/meminfo': Buffer.from('x') } }, outcome: 'halted', code: 134, explanation: 'a path that the Nanos kernel owns' },
  { reason: 'a script', args: [], content: { files: { '/probe': Buffer.from('#!/bin/sh\n') } }, outcome: 'load-failure', code: 127, explanation: 'it is not an ELF file' },
  { reason: 'a restart', args: ['end', 'exit', '0'], content: { attributes: { reboot_on_exit: '*' } }, outcome: 'halted', code: 134, explanation: 'would have started again' },
];

async function expectEnding({ options, outcome, code, explanation }: Ending, image: string): Promise<void> {
  const before = digest(image);
  const seen = await boot(image, options);
  expect(seen).toMatchObject({ outcome, explanation: expect.stringContaining(explanation) as string });
  expect(commandExitCode(seen)).toBe(code);
  expect(digest(image)).toBe(before);
}

suite('a program on Nanos', waitsForNanos, () => {
  beforeAll(buildProbes);

  it.each(ENDINGS)('that ends with $reason is explained', (ending) => expectEnding(ending, probeImage(ending.args, ending.content)));

  it('that writes to a root that is not read-only is noted, since on a node that is lost', async () => {
    expect((await boot(probeImage(['act'], { without: ['readonly_rootfs'] }))).notes).toEqual([expect.stringContaining('the program wrote outside `/workspace`')]);
    expect((await boot(probeImage(['end', 'exit', '0']))).notes).toEqual([]);
  });

  it('misses its interpreter, then a library', async () => {
    const dynamic = { '/probe': { hostPath: at('dynamic') } };
    expect(await boot(probeImage([], { files: dynamic }))).toMatchObject({ outcome: 'load-failure', explanation: 'The interpreter `/lib64/ld-linux-x86-64.so.2` of the program is not in the image.' });
    const withLoader = { ...dynamic, '/lib64/ld-linux-x86-64.so.2': { hostPath: '/lib64/ld-linux-x86-64.so.2' } };
    expect(await boot(probeImage([], { files: withLoader }))).toMatchObject({ outcome: 'load-failure', explanation: "The library `libc.so.6` is not where the image's loader looks for it." });
  });

  it('without debug_exit goes by its result', async () => {
    const seen = await boot(probeImage(['result', '{"Ok":{"id":"1","data":[],"files":[]}}'], { without: ['debug_exit'] }));
    expect(seen).toMatchObject({ outcome: 'exited', explanation: 'The program ended; the image gives no exit code.' });
    expect(commandExitCode(seen)).toBe(0);
  });

  it.each([
    { reason: 'no `%0`', content: { attributes: { mounts: new Map([['%1', '/workspace']]) } }, answer: 'EROFS', note: 'mounts no `%0`' },
    { reason: 'no folder for it', content: { folders: [] }, answer: 'ENOENT', note: 'no folder `/workspace`' },
  ])('has no workspace where the image has $reason', async ({ content, answer, note }) => {
    const { output, notes } = await boot(probeImage(['act'], content));
    expect(output).toContain(`create /workspace/new: ${answer}\n`);
    expect(notes.join()).toContain(note);
  });

  it('may print what it likes', async () => {
    expect((await boot(probeImage(['say', 'no line feed', '3']))).output).toBe('no line feed');
    expect((await boot(probeImage(['say', 'no line feed', '0']))).output).toBe('no line feed');
    expect((await boot(probeImage(['flood', '1']))).output).toBe(`${'x'.repeat(63)}\n`.repeat(16 * 1024));
  });

  it('cannot write to its root, which stays as it was', async () => {
    const { output } = await boot(probeImage(['act']));
    expect(output).toMatch(/^create \/new: EROFS\n(?:.*\n)*create \/workspace\/new: ok$/m);
  });

  it('ends properly twenty times at once', async () => {
    const image = probeImage(['say', 'over\n', '7']);
    const results = await Promise.all(Array.from({ length: 20 }, () => boot(image, { memoryMiB: 128 })));
    expect(results.map(({ outcome, exitCode, output }) => ({ outcome, exitCode, output }))).toEqual(results.map(() => ({ outcome: 'exited', exitCode: 7, output: 'over\n' })));
    expect(qemusWith(image)).toEqual([]);
  });

  it('is stopped when nobody reads on', () => {
    const image = probeImage(['flood', '100']);
    const scratch = fresh('tmp');
    const { stdout } = spawnSync('bash', ['-c', `set -o pipefail; "$0" "$@" 2>/dev/null | head -n 1; echo "status $?"`, process.execPath, COMMAND, 'run', image, '--accel', 'tcg', '--memory', '128M'], {
      encoding: 'utf8', timeout: 50_000, env: { ...process.env, TMPDIR: scratch },
    });
    expect(stdout).toBe(`${'x'.repeat(63)}\nstatus 141\n`);
    expect(qemusWith(image)).toEqual([]);
    expect(readdirSync(scratch)).toEqual([]);
  });

  it('leaves a hostile workspace, which is told without harm', () => {
    const workspace = fresh('hostile');
    const image = probeImage(['hostile', join(workspace, '..', 'bystander')]);
    writeFileSync(at('bystander'), 'untouched');
    const { status, stdout, stderr } = command('run', image, '--accel', 'tcg', '--memory', '256M', '--workspace', workspace);
    expect([status, stdout]).toEqual([123, 'done\n']);
    expect(stderr).toContain('a `task_result.json` that a node cannot read: it is a symbolic link');
    expect(stderr).toContain('  a\\x1b[2J\\nb (1 B)\n');
    expect(stderr).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f]/);
    expect(readFileSync(at('bystander'), 'utf8')).toBe('untouched');
    // the next run finds its way through what the last one left
    const next = command('run', probeImage(['say', 'next\n', '0']), '--accel', 'tcg', '--memory', '256M', '--workspace', workspace, '--task', 'hostile-task.json');
    expect(next).toMatchObject({ status: 123, stdout: 'next\n', stderr: expect.stringContaining('wrote no `task_result.json`') as string });
    expect(readFileSync(at('bystander'), 'utf8')).toBe('untouched');
    expect(command('run', image, '--files-from', workspace)).toMatchObject({ status: 125, stderr: expect.stringContaining('PVM_BAD_WORKSPACE') as string });
  });

  it('reads a gibibyte in large files and 300 in nested folders', () => { readMuch('builtin'); });
});

/** Packages a gibibyte in large files and 300 in nested folders, and has the probe read all of it. */
function readMuch(engine: string): void {
  const source = fresh('large');
  mkdirSync(join(source, 'data'));
  for (let index = 0; index < 4; index++) {
    writeFileSync(join(source, 'data', `large-${index}`), 'abc');
    truncateSync(join(source, 'data', `large-${index}`), 256 * 1024 * 1024);
  }
  for (let index = 0; index < 300; index++) {
    const nested = join(source, 'data', String(index % 10), String(index % 7), 'deep');
    mkdirSync(nested, { recursive: true });
    writeFileSync(join(nested, `${index}.txt`), `file ${index}\n`);
  }
  cpSync(at('probe'), join(source, 'probe'));
  writeFileSync(join(source, 'vm.json'), JSON.stringify({ Args: ['add-up', '/data'], Dirs: ['data'], ManifestPassthrough: { readonly_rootfs: 'true', debug_exit: 't' }, Mounts: { '%0': '/workspace' } }));
  const image = join(source, 'x.img');
  expect(command('build', join(source, 'probe'), '-c', join(source, 'vm.json'), '--nanos-dir', nanos ?? '', '--engine', engine, '-o', image)).toMatchObject({ status: 0 });
  const expected = execFileSync(at('probe'), ['add-up', join(source, 'data')], { encoding: 'utf8' });
  expect(expected).toMatch(/^304 files /);
  const before = digest(image);
  expect(command('run', image, '--accel', 'tcg')).toMatchObject({ status: 0, stdout: expected });
  if (waitsForRehearsal === undefined) expect(command('rehearse', image)).toMatchObject({ status: 0, stdout: expected });
  expect(digest(image)).toBe(before);
  rmSync(source, { recursive: true });
}

interface BothRow {
  readonly reason: string;
  readonly args: readonly string[];
  readonly content?: ProbeContent;
  readonly options?: BothOptions;
}

interface BothOptions {
  readonly timeoutMs?: number;
  readonly memoryMiB?: number;
}

/** On what a rehearsal and a boot agree: output, result, files, outcome and code. */
const AGREED: readonly BothRow[] = [
  { reason: 'code 0', args: ['end', 'exit', '0'] },
  { reason: 'code 1', args: ['end', 'exit', '1'] },
  { reason: 'code 7', args: ['end', 'exit', '7'] },
  { reason: 'code 127', args: ['end', 'exit', '127'] },
  { reason: 'a panic', args: ['end', 'exit', '101'] },
  { reason: 'abort', args: ['end', 'abort'] },
  { reason: 'SIGKILL', args: ['end', 'signal', '9'] },
  { reason: 'SIGSEGV', args: ['end', 'fault'] },
  { reason: 'SIGTERM', args: ['end', 'signal', '15'] },
  { reason: 'an exit with threads', args: ['end', 'thread-exit', '5'] },
  { reason: 'a time-out', args: ['end', 'sleep'], options: { timeoutMs: 3000 } },
  { reason: 'an Ok', args: ['result', '{"Ok":{"id":"1","data":[7],"files":[]}}'] },
  { reason: 'an Err', args: ['result', '{"Err":"no luck"}'] },
  { reason: 'garbage for a result', args: ['result', '{"Ok":'] },
  { reason: 'output without a line feed', args: ['say', 'wört', '3'] },
  { reason: 'a write to the read-only root, and what else a program may do', args: ['act'] },
  { reason: 'a wrong program path', args: [], content: { attributes: { program: '/absent' } } },
  { reason: 'a missing interpreter', args: [], content: { files: { '/probe': { hostPath: at('dynamic') } } } },
  { reason: 'a missing library', args: [], content: { files: { '/probe': { hostPath: at('dynamic') }, '/lib64/ld-linux-x86-64.so.2': { hostPath: '/lib64/ld-linux-x86-64.so.2' } } } },
  { reason: 'a script', args: [], content: { files: { '/probe': Buffer.from('#!/bin/sh\n') } } },
  { reason: 'a path of the kernel', args: [], content: { files: { '/proc/meminfo': Buffer.from('x') } } },
];

/** Where they differ, as docs/rehearsing.md says: outcome and the command's exit code. */
const DIFFERING: readonly (BothRow & { readonly rehearsed: readonly [string, number]; readonly booted: readonly [string, number] })[] = [
  { reason: 'code 128, which arrives as 0', args: ['end', 'exit', '128'], rehearsed: ['exited', 128], booted: ['exited', 125] },
  { reason: 'code 255, which arrives as 127', args: ['end', 'exit', '255'], rehearsed: ['exited', 255], booted: ['exited', 127] },
  { reason: 'code 256, which is 0 on Linux', args: ['end', 'exit', '256'], rehearsed: ['exited', 0], booted: ['exited', 125] },
  { reason: 'a code that is expected', args: ['end', 'exit', '7'], content: { attributes: { expected_exit_code: '7' } }, rehearsed: ['exited', 7], booted: ['exited', 0] },
  { reason: 'code 0 of an image without debug_exit', args: ['end', 'exit', '0'], content: { without: ['debug_exit'] }, rehearsed: ['exited', 0], booted: ['exited', 125] },
  { reason: 'memory that runs out', args: ['end', 'hungry'], options: { memoryMiB: 128 }, rehearsed: ['signal', 134], booted: ['signal', 135] },
  { reason: 'a crash of the kernel', args: ['statfs'], rehearsed: ['exited', 0], booted: ['halted', 134] },
];

interface Both {
  readonly booted: Seen;
  readonly rehearsed: RunResult & { readonly output: string };
}

/** Rehearses and boots an image, which neither changes. */
async function both(image: string, options: BothOptions = {}): Promise<Both> {
  const before = digest(image);
  let output = '';
  const rehearsed = await rehearse({ imagePath: image, memoryMiB: 512, ...options, onOutput: (chunk) => (output += Buffer.from(chunk).toString()) });
  const booted = await boot(image, options);
  expect(digest(image)).toBe(before);
  return { booted, rehearsed: { ...rehearsed, output } };
}

async function expectAgreement(image: string, options?: BothOptions): Promise<void> {
  const agreed = (result: RunResult & { readonly output: string }): object => {
    const { output, outcome, exitCode, signal, taskResult, outputFiles } = result;
    return { output, outcome, exitCode, signal, taskResult, outputFiles, code: commandExitCode(result) };
  };
  const { rehearsed, booted } = await both(image, options);
  expect(agreed(booted)).toEqual(agreed(rehearsed));
}

suite('a rehearsal and a boot', waitsForRehearsal, () => {
  beforeAll(buildProbes);

  it.each(AGREED)('agree on $reason', ({ args, content, options }) => expectAgreement(probeImage(args, content), options));

  it('agree on arguments and environment, of which the rest of what a program sees follows', async () => {
    const { rehearsed, booted } = await both(probeImage(['see', 'ein Wört', '–']));
    expect(lines(booted.output)).toEqual(lines(rehearsed.output));
    expect(booted.output).toContain('argument 2: ein Wört\n');
    expect(booted.output).toContain('environment: NAME=wört mit Leerzeichen\n');
  });

  it.each(DIFFERING)('differ in $reason', async ({ args, content, options, rehearsed, booted }) => {
    const seen = await both(probeImage(args, content), options);
    expect([seen.rehearsed.outcome, commandExitCode(seen.rehearsed)]).toEqual(rehearsed);
    expect([seen.booted.outcome, commandExitCode(seen.booted)]).toEqual(booted);
  });

  it('differ in a root that is not read-only, which only a rehearsal keeps from being lost', async () => {
    const { rehearsed, booted } = await both(probeImage(['act'], { without: ['readonly_rootfs'] }));
    expect([commandExitCode(rehearsed), commandExitCode(booted)]).toEqual([0, 0]);
    expect(rehearsed.notes.join()).toContain('/new');
    expect(booted.notes.join()).toContain('the program wrote outside `/workspace`');
  });

  it('differ in output that looks like lines of the kernel', async () => {
    const { rehearsed, booted } = await both(probeImage(['say', FORGED, '7']));
    expect([commandExitCode(rehearsed), commandExitCode(booted)]).toEqual([7, 7]);
    expect(rehearsed.output).toBe(FORGED);
    expect(booted.output).not.toContain('frame trace: ');
    expect(booted.kernelLines).toContain('frame trace: ');
  });
});

suite('prover and verifier', waitsForCargo, () => {
  it('hand a proof on, and a tampered one is refused', () => { proveAndVerify('builtin'); }, 600_000);
});

function proveAndVerify(engine: string): void {
  const examples = join(repository, 'examples');
  execFileSync('cargo', ['build', '--release', '--locked', '--quiet'], { cwd: examples, stdio: 'pipe' });
  const images = ['prover', 'verifier'].map((name) => {
    const image = at(`${engine}-${name}.img`);
    expect(command('build', join(examples, 'target/release', `hash-chain-${name}`), '-c', join(examples, name, 'vm.json'), '--nanos-dir', nanos ?? '', '--engine', engine, '-o', image)).toMatchObject({ status: 0 });
    return image;
  });
  const [prover = '', verifier = ''] = images;
  writeFileSync(at('prove.json'), '{"id":"prove","args":["--seed","42","--length","16"],"files":[]}');
  const boots = ['run', '--accel', 'tcg'];
  const ways = waitsForRehearsal === undefined ? [boots, ['rehearse']] : [boots];
  const proofs = ways.map((way) => {
    const proved = `proved-${engine}-${way[0] ?? ''}`;
    const verify = (): CommandRun => command(...way, verifier, '--task', join(examples, 'verifier/task.json'), '--files-from', proved);
    expect(command(...way, prover, '--task', 'prove.json', '--workspace', proved)).toMatchObject({ status: 0, stdout: expect.stringContaining('hashing 42 16 times\n') as string });
    expect(verify()).toMatchObject({ status: 0, stderr: expect.stringContaining('("accepted")') as string });
    const written = ['proof.bin', 'claim.json', 'task_result.json'].map((name) => digest(at(proved, name)));

    const proof = readFileSync(at(proved, 'proof.bin'));
    proof.writeUInt8(proof.readUInt8(proof.length - 100) ^ 0xff, proof.length - 100);
    writeFileSync(at(proved, 'proof.bin'), proof);
    expect(verify()).toMatchObject({ status: 123, stderr: expect.stringContaining('proof refused') as string });
    return written;
  });
  for (const proof of proofs) expect(proof).toEqual(proofs[0]);
}

/** Puts the real `ops` on the PATH of commands. */
function findOps(): void {
  mkdirSync(at('bin'), { recursive: true });
  if (!existsSync(at('bin/ops'))) symlinkSync(process.env.PACKAGE_VM_TEST_OPS ?? '', at('bin/ops'));
}

/** What `ops` packages for the probe with these arguments. */
function opsImage(args: readonly string[], without: readonly string[] = []): string {
  const source = fresh('ops');
  cpSync(at('probe'), join(source, 'probe'));
  const passthrough = Object.entries({ readonly_rootfs: 'true', debug_exit: 't' }).filter(([name]) => !without.includes(name));
  writeFileSync(join(source, 'vm.json'), JSON.stringify({ Args: args, ManifestPassthrough: Object.fromEntries(passthrough), Mounts: { '%0': '/workspace' } }));
  const image = join(source, 'probe.img');
  // what this platform wants of a manifest is another matter
  expect(command('build', join(source, 'probe'), '-c', join(source, 'vm.json'), '--nanos-dir', nanos ?? '', '--engine', 'ops', '--platform', 'nanos', '-o', image)).toMatchObject({ status: 0 });
  return image;
}

suite('an image by ops', waitsForOps, () => {
  beforeAll(() => {
    buildProbes();
    findOps();
  });

  // the others are images that ops does not make
  it.each(ENDINGS.filter(({ content = {} }) => Object.keys(content).every((key) => key === 'without')))('that ends with $reason is explained', (ending) =>
    expectEnding(ending, opsImage(ending.args, ending.content?.without)));

  it('reads a gibibyte in large files and 300 in nested folders', () => { readMuch('ops'); });

  it('hands a proof on, and a tampered one is refused', () => { proveAndVerify('ops'); }, 600_000);

  it('runs as ours does', () => {
    const source = fresh('ops');
    cpSync(at('probe'), join(source, 'probe'));
    writeFileSync(join(source, 'vm.json'), JSON.stringify({ Args: ['see', 'ein Wört'], Env: { GREETING: 'grüß dich' }, ManifestPassthrough: { readonly_rootfs: 'true', debug_exit: 't' }, Mounts: { '%0': '/workspace' } }));
    const outputs = ['builtin', 'ops'].map((engine) => {
      const image = join(source, `${engine}.img`);
      expect(command('build', join(source, 'probe'), '-c', join(source, 'vm.json'), '--nanos-dir', nanos ?? '', '--engine', engine, '-o', image)).toMatchObject({ status: 0 });
      const { status, stdout } = command('run', image, '--accel', 'tcg', '--memory', '512M');
      expect(status).toBe(0);
      return lines(stdout);
    });
    expect(outputs[1]).toEqual(outputs[0]);
  });
});

// the others are images that ops does not make
suite('a rehearsal and a boot of an image by ops', waitsForOps ?? waitsForRehearsal, () => {
  beforeAll(() => {
    buildProbes();
    findOps();
  });

  it.each(AGREED.filter(({ content }) => content === undefined))('agree on $reason', ({ args, options }) => expectAgreement(opsImage(args), options));
});

/** What a program sees, but for the version, what the kernel takes for itself, limits that a machine may set lower, and the order of the environment, which is none. */
function lines(output: string): string[] {
  return output.split('\n').filter((line) => !/^(?:Mem|Cached|memory|limit [03]|uname|environment: (?:OPS|NANOS)_VERSION)/.test(line)).sort();
}

function digest(path: string): string {
  // in pieces: an image may have more than a gibibyte
  const hash = createHash('sha256');
  const piece = Buffer.alloc(1024 * 1024);
  const fd = openSync(path, 'r');
  for (let length; (length = readSync(fd, piece)) > 0; ) hash.update(piece.subarray(0, length));
  closeSync(fd);
  return hash.digest('hex');
}
