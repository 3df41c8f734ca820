import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { chmod, chown, mkdir, mkdtemp, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { goldenBytes } from '../packages/disk-image/src/testing/golden.js';
import { openImageFile } from '../packages/package-vm/src/inspect/open-image-file.js';
import { extractTree } from '../packages/package-vm/src/rehearse/extract-tree.js';
import { writeKernelFiles } from '../packages/package-vm/src/rehearse/kernel-files.js';
import { type RehearseOptions, rehearse } from '../packages/package-vm/src/rehearse/rehearse.js';
import { makeSandboxFolder, runInSandbox } from '../packages/package-vm/src/rehearse/sandbox.js';
import { type RunResult, commandExitCode } from '../packages/package-vm/src/task/run-result.js';
import { type ImageContent, makeImage } from './probes/make-image.js';

// What is missing for these tests, or undefined.
const waitsFor = missing();
const isRoot = process.getuid?.() === 0;

function missing(): string | undefined {
  if (process.platform !== 'linux' || process.arch !== 'x64') return 'Linux on x86-64';
  if (spawnSync('gcc', ['--version']).status !== 0) return 'gcc, with a static C library';
  if (spawnSync('unshare', ['--user', '--map-root-user', '--net', 'ip', 'link', 'set', 'lo', 'up']).status !== 0) return 'user namespaces (and unshare and ip to try them)';
  return undefined;
}

const SETPRIV = ['--reuid', '65534', '--regid', '65534', '--clear-groups'];
const place = placeForAnybody();
const FOR_ANYBODY = ['env', `TMPDIR=${place}`];
const AS_NOBODY = [...FOR_ANYBODY, 'setpriv', ...SETPRIV];
const folder = mkdtempSync(join(place, 'package-vm-test-'));
const at = (...parts: string[]): string => join(folder, ...parts);

const PROBES = join(import.meta.dirname, 'probes');
const ATTRIBUTES = {
  program: '/probe',
  readonly_rootfs: 'true',
  mounts: new Map([['%0', '/workspace']]),
  environment: new Map([['NAME', 'wört mit Leerzeichen'], ['NANOS_VERSION', '0.1.54']]),
};

/** Where temporary files of any user can be: TMPDIR may be a folder of root's alone. */
function placeForAnybody(): string {
  const usual = realpathSync(tmpdir());
  const isClosed = isRoot && spawnSync('setpriv', [...SETPRIV, 'test', '-w', usual, '-a', '-x', usual]).status !== 0;
  return isClosed ? '/tmp' : usual;
}

/** An image that runs the probe with these arguments. */
function probeImage(args: readonly string[], content: Partial<ImageContent> = {}): string {
  const path = join(mkdtempSync(at('image-')), 'probe.img');
  makeImage(path, {
    files: { '/probe': { hostPath: at('probe') }, ...content.files },
    folders: content.folders ?? ['/workspace'],
    attributes: { ...ATTRIBUTES, arguments: ['probe', ...args], ...content.attributes },
  });
  return path;
}

type Seen = RunResult & { readonly output: string };

async function run(imagePath: string, options: Omit<RehearseOptions, 'imagePath'> = {}): Promise<Seen> {
  let output = '';
  const result = await rehearse({ imagePath, ...options, onOutput: (chunk) => (output += Buffer.from(chunk).toString()) });
  return { ...result, output };
}

/** Runs a rehearsal in another process, started by `before`; the result or the error as data. */
function runApart(before: readonly string[], options: RehearseOptions): Partial<Seen> & { readonly code?: string; readonly hint?: string } {
  const [program, ...args] = [...before, process.execPath, join(PROBES, 'rehearse.mjs'), JSON.stringify(options)];
  const { stdout, stderr } = spawnSync(program, args, { encoding: 'utf8', env: { ...process.env, NODE_OPTIONS: '' }, timeout: 30_000 });
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout) as ReturnType<typeof runApart>;
}

/** Where user namespaces have run out: for real, in a namespace that allows no further one. */
const WITHOUT_NAMESPACES = ['unshare', '--user', '--map-root-user', 'sh', '-c', 'echo 0 >/proc/sys/user/max_user_namespaces && exec "$@"', 'sh'];
const deny = (call: number): string[] => [at('deny'), String(call)];

/** A filter of one instruction: return SECCOMP_RET_ALLOW. */
const ALLOW_ALL = Uint8Array.of(0x06, 0, 0, 0, 0, 0, 0xff, 0x7f);

function describeHere(name: string, body: () => void): void {
  if (waitsFor === undefined) describe(name, body);
  else describe.skip(`${name} (waits for ${waitsFor})`, body);
}

function itAsRoot(name: string, body: () => Promise<void>): void {
  if (isRoot) it(name, body);
  else it.skip(`${name} (waits for root)`, body);
}

beforeAll(async () => {
  if (waitsFor !== undefined) return;
  await chmod(folder, 0o755);
  execFileSync('gcc', ['-static', '-O1', '-pthread', '-o', at('probe'), join(PROBES, 'probe.c')]);
  execFileSync('gcc', ['-O1', '-pthread', '-o', at('dynamic'), join(PROBES, 'probe.c')]);
  execFileSync('gcc', ['-static', '-o', at('deny'), join(PROBES, 'deny.c')]);
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

describeHere('a rehearsed program', () => {
  it('sees what Nanos shows', async () => {
    const { output, outcome } = await run(probeImage(['see']), { cpus: 1, memoryMiB: 300 });
    expect(output.replace(/^limit 0.*$/m, 'limit 0: (files)')).toMatchSnapshot();
    expect(outcome).toBe('exited');
  });

  it('may do what Nanos allows, and is told so', async () => {
    const { output, notes, outputFiles } = await run(probeImage(['act']));
    expect(output).toMatchSnapshot();
    expect(notes).toMatchSnapshot();
    expect(outputFiles.map(({ path }) => path)).toEqual(['renamed']);
  });

  it('does not get out', async () => {
    const { output, peakMemoryBytes } = await run(probeImage(['escape', at('host-file')]));
    expect(output.replaceAll(folder, '(folder)')).toMatchSnapshot();
    expect(existsSync(at('host-file'))).toBe(false);
    expect(peakMemoryBytes).toBeGreaterThan(0);
  });

  it('does not get out by other ways than system calls that are refused', async () => {
    const image = openImageFile(probeImage(['escape', at('host-file')]));
    const sandbox = await makeSandboxFolder();
    const workspace = await mkdtemp(at('workspace-'));
    const facts = { program: '/probe', isReadonlyRoot: true, share: { mountPoint: '/workspace', isReadonly: false } };
    let output = '';
    try {
      await extractTree(image.image.root, { folder: sandbox.root, program: '/probe', makesLinksRelative: false, signal: undefined });
      writeKernelFiles(sandbox.root, { ...facts, cpus: 1, memoryMiB: 256 });
      await runInSandbox(sandbox, {
        ...facts, workspace, isolation: 'namespaces', cpus: 1, memoryMiB: 256, cwd: '/', nanosVersion: '', timeoutMs: 10_000, signal: undefined,
        arguments: ['probe', 'escape', at('host-file')], environment: [],
        filter: ALLOW_ALL,
        onOutput: (chunk) => (output += Buffer.from(chunk).toString()),
      });
    } finally {
      image.close();
      await sandbox.remove();
    }
    for (const refused of ['remount: EPERM', 'mount: EPERM', 'umount: EPERM', 'ptrace: EPERM', 'remount with rights over oneself: EPERM']) {
      expect(output.split('\n')).toContain(refused);
    }
    expect(output).toContain('/host-file: ENOENT');
    expect(existsSync(at('host-file'))).toBe(false);
  });

  it.each<{ how: string[]; outcome: string; code: number; explanation: string }>([
    { how: ['exit', '0'], outcome: 'exited', code: 0, explanation: 'The program ended with exit code 0.' },
    { how: ['exit', '1'], outcome: 'exited', code: 1, explanation: 'The program ended with exit code 1.' },
    { how: ['exit', '127'], outcome: 'exited', code: 127, explanation: 'The program ended with exit code 127.' },
    { how: ['exit', '128'], outcome: 'exited', code: 128, explanation: 'The program ended with exit code 128.' },
    { how: ['exit', '255'], outcome: 'exited', code: 255, explanation: 'The program ended with exit code 255.' },
    { how: ['exit', '256'], outcome: 'exited', code: 0, explanation: 'The program ended with exit code 0.' },
    { how: ['exit', '101'], outcome: 'panic', code: 101, explanation: 'The program panicked (exit code 101).' },
    { how: ['thread-exit', '3'], outcome: 'exited', code: 3, explanation: 'The program ended with exit code 3.' },
    { how: ['abort'], outcome: 'signal', code: 134, explanation: 'The program was ended by SIGABRT (Nanos shows it as exit code 6).' },
    { how: ['fault'], outcome: 'signal', code: 139, explanation: 'The program was ended by SIGSEGV (Nanos shows it as exit code 11).' },
    { how: ['signal', '9'], outcome: 'signal', code: 137, explanation: 'The program was ended by SIGKILL (Nanos shows it as exit code 9).' },
    { how: ['signal', '15'], outcome: 'signal', code: 143, explanation: 'The program was ended by SIGTERM (Nanos shows it as exit code 15).' },
  ])('that ends with $how has the code $code', async ({ how, outcome, code, explanation }) => {
    const result = await run(probeImage(['end', ...how]));
    expect(result).toMatchObject({ outcome, explanation });
    expect(commandExitCode(result)).toBe(code);
  });

  it('gets no more memory than the VM has', async () => {
    const { signal, hint, peakMemoryBytes = 0 } = await run(probeImage(['end', 'hungry']), { memoryMiB: 100 });
    expect({ signal, hint }).toEqual({ signal: 'SIGABRT', hint: expect.stringContaining('--memory') as string });
    expect(peakMemoryBytes).toBeLessThan(100 * 1024 * 1024);
  });

  it('is stopped when its time is over, although it ignores SIGTERM', async () => {
    const start = Date.now();
    const result = await run(probeImage(['end', 'stubborn']), { timeoutMs: 300 });
    expect(result).toMatchObject({ outcome: 'timed-out', explanation: 'The program did not end within 0.3 s and was stopped.' });
    expect(Date.now() - start).toBeLessThan(2500);
  });

  it('works in a folder that is writable, with a note on each write', async () => {
    const attributes = Object.fromEntries(Object.entries(ATTRIBUTES).filter(([name]) => name !== 'readonly_rootfs'));
    const path = at('writable.img');
    makeImage(path, { files: { '/probe': { hostPath: at('probe') } }, attributes: { ...attributes, arguments: ['probe', 'act'] } });
    const { output, notes } = await run(path);
    expect(output).toContain('create /new: ok');
    expect(notes).toContain("The program wrote `/new`, outside the workspace: a node's disk is read-only, so there it fails or is lost.");
  });
});

describeHere('the workspace', () => {
  it('takes the task in and gives the result out', async () => {
    await writeFile(at('task.json'), '{"id":"1","args":[],"files":[]}');
    const image = probeImage(['result', '{"Ok":{"id":"1","data":[1,2],"files":[]}}']);
    const result = await run(image, { task: at('task.json'), workspace: at('workspace') });
    expect(result).toMatchObject({ outcome: 'exited', taskResult: { kind: 'ok', id: '1' }, workspace: at('workspace'), notes: [] });
    expect(readdirSync(at('workspace'))).toEqual(['task.json', 'task_result.json']);
    expect((await run(image, { task: at('task.json'), workspace: at('workspace') })).notes).toEqual(['An older `task_result.json` was moved to `task_result.1.json`.']);
  });

  it.each([
    { result: '{"Err":"no luck"}', explanation: 'The program gave the result `Err`: no luck.' },
    { result: '{"Ok":{}}', explanation: 'The program wrote a `task_result.json` that a node cannot read: `Ok.id` is not a string.' },
  ])('with the result $result is no success', async ({ result, explanation }) => {
    const seen = await run(probeImage(['result', result]));
    expect(seen).toMatchObject({ outcome: 'error-result', explanation });
    expect(commandExitCode(seen)).toBe(123);
  });

  it('without a result is told', async () => {
    await writeFile(at('task.json'), '{"id":"1","args":[],"files":[]}');
    expect(await run(probeImage(['end', 'exit', '0']), { task: at('task.json') })).toMatchObject({
      exitCode: 0, explanation: 'The program ended with exit code 0 and wrote no `task_result.json`.',
    });
  });

  it.each<{ reason: string; content: Partial<ImageContent>; answer: string; note: string | undefined }>([
    { reason: 'without `%0`', content: { attributes: { mounts: new Map([['%1', '/workspace']]) } }, answer: 'EROFS', note: 'The image mounts no `%0` (only %1 at /workspace), so a node\'s share, and this workspace, appears nowhere.' },
    { reason: 'without a mount', content: { attributes: { mounts: new Map() } }, answer: 'EROFS', note: 'The image mounts no `%0`, so a node\'s share, and this workspace, appears nowhere.' },
    { reason: 'without the folder', content: { folders: [] }, answer: 'ENOENT', note: 'The image has no folder `/workspace` for the share, so the workspace appears nowhere.' },
    { reason: 'read-only', content: { attributes: { mounts: new Map([['%0', '/workspace:ro']]) } }, answer: 'EROFS', note: undefined },
  ])('appears where a node would mount it: $reason', async ({ content, answer, note }) => {
    const { output, notes } = await run(probeImage(['act'], content));
    expect(output).toContain(`create /workspace/new: ${answer}`);
    if (note !== undefined) expect(notes).toContain(note);
  });

  itAsRoot('of another user is written to as that user', async () => {
    await mkdir(at('theirs'));
    await chown(at('theirs'), 65534, 65534);
    const { output } = runApart(FOR_ANYBODY, { imagePath: probeImage(['act']), workspace: at('theirs') });
    expect(output).toContain('create /workspace/new: ok');
    expect((await stat(at('theirs', 'renamed'))).uid).toBe(65534);
  });
});

describeHere('a program that cannot be loaded', () => {
  const libc = (): ImageContent['files'][string] => ({ hostPath: gccFile('libc.so.6') });
  const loader = (): ImageContent['files'][string] => ({ hostPath: '/lib64/ld-linux-x86-64.so.2' });

  it.each<{ reason: string; files: () => ImageContent['files']; outcome: string; explanation: string }>([
    { reason: 'no script', files: () => ({ '/probe': Buffer.from('#!/bin/sh\n') }), outcome: 'load-failure', explanation: '`/probe` is no program for Nanos: it is not an ELF file, and Nanos runs no scripts.' },
    { reason: 'no empty file', files: () => ({ '/probe': Buffer.alloc(0) }), outcome: 'load-failure', explanation: 'it is not an ELF file' },
    { reason: 'not of another machine', files: () => ({ '/probe': forArm(readFileSync(at('probe'))) }), outcome: 'load-failure', explanation: 'it is built for aarch64' },
    { reason: 'not without its interpreter', files: () => ({ '/probe': { hostPath: at('dynamic') } }), outcome: 'load-failure', explanation: 'The interpreter `/lib64/ld-linux-x86-64.so.2` of `/probe` is not in the image.' },
    { reason: 'not without a library', files: () => ({ '/probe': { hostPath: at('dynamic') }, '/lib64/ld-linux-x86-64.so.2': loader() }), outcome: 'load-failure', explanation: "The library `libc.so.6` is not where the image's loader looks for it." },
    { reason: 'not over a file of the kernel', files: () => ({ '/proc/meminfo': Buffer.from('x') }), outcome: 'halted', explanation: 'a path that the Nanos kernel owns' },
    { reason: 'but with its libraries', files: () => ({ '/probe': { hostPath: at('dynamic') }, '/lib64/ld-linux-x86-64.so.2': loader(), '/lib/x86_64-linux-gnu/libc.so.6': libc() }), outcome: 'exited', explanation: 'exit code 5' },
  ])('is told: $reason', async ({ files, outcome, explanation }) => {
    expect(await run(probeImage(['end', 'exit', '5'], { files: files() }))).toMatchObject({ outcome, explanation: expect.stringContaining(explanation) as string });
  });

  it('is told: no program of that name', async () => {
    expect(await run(probeImage([], { attributes: { program: '/absent' } }))).toMatchObject({ outcome: 'load-failure', explanation: 'The image has no program `/absent`.' });
  });

  it('runs under weak isolation with the libraries of the image', async () => {
    const files = { '/probe': { hostPath: at('dynamic') }, '/lib64/ld-linux-x86-64.so.2': loader(), '/lib/x86_64-linux-gnu/libc.so.6': libc() };
    const { output, outcome } = await run(probeImage(['see'], { files }), { isolation: 'weak' });
    expect(outcome).toBe('exited');
    expect(output).toMatch(/^argument 0: probe\n/);
    expect(output).toContain('executable: /probe\n');
  });
});

describeHere('images of ops', () => {
  it.each([
    { golden: 'documented' as const, exitCode: 7, output: 'hello\n' },
    { golden: 'after-a-boot' as const, exitCode: 0, output: 'done\n' },
  ])('rehearse like others: $golden', async ({ golden, exitCode, output }) => {
    await writeFile(at(golden), goldenBytes(golden));
    expect(await run(at(golden))).toMatchObject({ exitCode, output });
  });
});

describeHere('nothing is left', () => {
  /** Runs with a folder for temporary files of its own, and gives what is in there afterwards. */
  /** Temporary folders of this process, which their names tell. */
  const ours = (): string[] => readdirSync(tmpdir()).filter((name) => new RegExp(`^package-vm-(?:workspace|rehearse)-${process.pid}-`).test(name));

  async function leftBehind(use: () => Promise<unknown>): Promise<string[]> {
    await use();
    return ours();
  }

  it('after success, a failure and a time-out', async () => {
    const [good, bad, slow] = [probeImage(['act']), probeImage(['end', 'abort']), probeImage(['end', 'sleep', 'left-slow'])];
    expect(await leftBehind(() => run(good))).toEqual([]);
    expect(await leftBehind(() => run(bad))).toEqual([]);
    expect(await leftBehind(() => run(slow, { timeoutMs: 200 }))).toEqual([]);
    expect(await processesWith('left-slow')).toEqual([]);
  });

  it('after a stop on request', async () => {
    const image = probeImage(['end', 'stubborn', 'left-cancelled']);
    const controller = new AbortController();
    let during: string[] = [];
    const stop = (): void => {
      during = ours();
      controller.abort();
    };
    const left = await leftBehind(() =>
      expect(rehearse({ imagePath: image, signal: controller.signal, onOutput: stop })).rejects.toMatchObject({ code: 'PVM_CANCELLED', message: 'The rehearsal was stopped on request' }),
    );
    expect(during).toHaveLength(2);
    expect(left).toEqual([]);
    expect(await processesWith('left-cancelled')).toEqual([]);
  });

  it('of its processes after a kill -9', async () => {
    const options = JSON.stringify({ imagePath: probeImage(['end', 'sleep', 'left-killed']) });
    const child = spawn(process.execPath, [join(PROBES, 'rehearse.mjs'), options], { stdio: 'ignore', env: { ...process.env, NODE_OPTIONS: '', TMPDIR: await mkdtemp(at('tmp-')) } });
    for (let tries = 0; (await processesWith('probe end sleep left-killed')).length === 0 && tries < 200; tries++) await setTimeout(25);
    expect(await processesWith('probe end sleep left-killed')).toHaveLength(1);
    child.kill('SIGKILL');
    for (let tries = 0; (await processesWith('left-killed')).length > 0 && tries < 80; tries++) await setTimeout(25);
    expect(await processesWith('left-killed')).toEqual([]);
  });

  it('of twenty at once', async () => {
    const image = probeImage(['act']);
    const left = await leftBehind(async () => {
      const results = await Promise.all(Array.from({ length: 20 }, () => run(image)));
      expect(results.map(({ outcome }) => outcome)).toEqual(Array.from({ length: 20 }, () => 'exited'));
    });
    expect(left).toEqual([]);
  });
});

describeHere('on other machines', () => {
  it('is told that there is no place for temporary files', () => {
    const seen = runApart(['env', 'TMPDIR=/nonexistent'], { imagePath: probeImage(['act']) });
    expect(seen).toMatchObject({ code: 'PVM_WRITE_FAILED', hint: expect.stringContaining('TMPDIR') as string });
  });

  itAsRoot('an ordinary user rehearses just so', async () => {
    const workspace = at('nobodys');
    await mkdir(workspace);
    await chown(workspace, 65534, 65534);
    await chmod(at(), 0o755);
    const image = probeImage(['escape', at('nobodys-host-file')]);
    await chmod(join(image, '..'), 0o755);
    const seen = runApart(AS_NOBODY, { imagePath: image, workspace });
    expect(seen).toMatchObject({ outcome: 'exited', output: expect.stringContaining('chroot: ENOSYS') as string });
    expect(existsSync(at('nobodys-host-file'))).toBe(false);
  });

  it.each([
    { machine: 'where no more user namespaces are allowed', before: () => WITHOUT_NAMESPACES, hint: 'user.max_user_namespaces' },
    { machine: "under a container's filter", before: () => deny(272 /* unshare */), hint: 'seccomp=unconfined' },
    { machine: 'where the new namespaces have no rights', before: () => deny(170 /* sethostname */), hint: 'container' },
  ])('$machine, the refusal has its cause and the choices', ({ before, hint }) => {
    const seen = runApart(before(), { imagePath: probeImage(['see']) });
    expect(seen).toMatchObject({ code: 'PVM_NO_NAMESPACES', hint: expect.stringContaining(hint) as string });
    expect(seen.hint).toContain('--isolation weak');
  });

  it.each([
    { machine: 'where no more user namespaces are allowed', before: () => WITHOUT_NAMESPACES },
    { machine: "under a container's filter", before: () => deny(272) },
  ])('$machine, weak isolation works', ({ before }) => {
    const seen = runApart(before(), { imagePath: probeImage(['act']), isolation: 'weak' });
    expect(seen.output).toMatchSnapshot('weak');
    expect(seen.notes?.[0]).toMatch(/^Weak isolation: /);
  });

  itAsRoot('an ordinary user has weak isolation too', async () => {
    const image = probeImage(['see']);
    await chmod(join(image, '..'), 0o755);
    const seen = runApart([...deny(272), ...AS_NOBODY], { imagePath: image, isolation: 'weak' });
    expect(seen.output).toContain('/dev: null urandom\n/proc: meminfo mounts self\n');
  });

  it('where temporary files cannot be executed, that is said', async () => {
    const place = await mkdtemp(at('noexec-'));
    const before = ['unshare', '--user', '--map-root-user', '--mount', 'sh', '-c', `mount -t tmpfs -o noexec none ${place} && TMPDIR=${place} exec "$@"`, 'sh'];
    expect(runApart(before, { imagePath: probeImage(['see']) })).toMatchObject({ code: 'PVM_SANDBOX_FAILED', hint: expect.stringContaining('noexec') as string });
  });

  it('where nothing may be traced, no rehearsal is possible', () => {
    expect(runApart(deny(101 /* ptrace */), { imagePath: probeImage(['see']), isolation: 'weak' })).toMatchObject({ code: 'PVM_NO_TRACING' });
  });
});

/** Ids of processes whose command line has this text. */
async function processesWith(text: string): Promise<string[]> {
  await Promise.resolve();
  return readdirSync('/proc').filter((name) => {
    if (!/^\d+$/.test(name) || name === String(process.pid)) return false;
    try {
      return readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ').includes(text);
    } catch {
      return false;
    }
  });
}

function gccFile(name: string): string {
  return realpathSync(execFileSync('gcc', [`-print-file-name=${name}`], { encoding: 'utf8' }).trim());
}

/** The same program with another machine in its header. */
function forArm(program: Buffer): Buffer {
  program.writeUInt16LE(183, 18);
  return program;
}
