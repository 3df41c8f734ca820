import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { commandExitCode } from '../task/run-result.js';
import { withScratch } from '../task/testing/scratch.js';
import { type BootOptions, type BootResult, bootImage } from './boot-image.js';
import { freePort, withTakenPort } from './testing/free-port.js';
import { makeTestImage, standInQemu } from './testing/stand-in.js';

interface Scratch {
  readonly at: (...parts: string[]) => string;
  /** Boots an image with a shell script in the place of QEMU; `run` holds what was passed on. */
  readonly boot: (script: string, options?: Partial<BootOptions>) => Promise<BootResult & { readonly output: string; readonly kernelLines: readonly string[] }>;
}

function withImage(use: (scratch: Scratch) => Promise<void>): Promise<void> {
  return withScratch(async (folder) => {
    const at = (...parts: string[]): string => join(folder, ...parts);
    makeTestImage(at('p.img'));
    await use({
      at,
      async boot(script, options = {}) {
        let output = '';
        const kernelLines: string[] = [];
        const result = await bootImage({
          imagePath: at('p.img'), accelerator: 'tcg', memoryMiB: 64, cpus: 1, cacheFolder: at('cache'), qemu: standInQemu(folder, script), ...options,
          onOutput: (chunk) => (output += Buffer.from(chunk).toString()),
          onKernelLine: (line) => kernelLines.push(line),
        });
        return { ...result, output, kernelLines };
      },
    });
  });
}

const NET = '[0.679609] NET: no network interface found';
const SHUTDOWN = '[0.742588] storage_shutdown error: status 2';
/** A kernel was there, and QEMU ends with its exit code for a code of the guest. */
const exit = (code: number): string => `echo '${NET}'; exit ${code * 2 + 1}`;

describe('a boot', () => {
  it('gives output, kernel lines, code and times', () =>
    withImage(async ({ boot }) => {
      const result = await boot(`echo hello; ${exit(7)}`);
      expect(result).toMatchObject({ outcome: 'exited', exitCode: 7, output: 'hello\n', kernelLines: [NET], accelerator: 'tcg', cpus: 1, memoryBytes: 64 * 1024 * 1024, notes: [], outputFiles: [], workspace: undefined, serialLog: undefined });
      expect(result.bootTimeMs).toBeLessThanOrEqual(result.wallTimeMs);
    }));

  it('hands over task and files, and takes result and files', () =>
    withImage(async ({ at, boot }) => {
      await writeFile(at('task.json'), '{"id":"7","args":[],"files":["in"]}');
      await writeFile(at('in'), 'input');
      await mkdir(at('a, b'));
      await writeFile(at('a, b', 'task_result.json'), 'old');
      // the comma is doubled in the argument
      const script = `cd "${at('a, b')}"; cat in; echo '{"Ok":{"id":"7","data":[1],"files":["out"]}}' >task_result.json; echo made >out; ${exit(0)}`;
      const result = await boot(script, { task: at('task.json'), inputFiles: [{ hostPath: at('in'), path: 'in' }], workspace: at('a, b') });
      expect(result).toMatchObject({
        outcome: 'exited', exitCode: 0, output: 'input', taskResult: { kind: 'ok', id: '7', files: ['out'] }, workspace: at('a, b'),
        outputFiles: [{ path: 'out', sizeBytes: 5 }], notes: ['An older `task_result.json` was moved to `task_result.1.json`.'],
      });
      expect(await readFile(at('a, b.serial.log'), 'utf8')).toBe(`input${NET}\n`);
    }));

  it.each([
    { reason: 'an Err', script: `echo '{"Err":"no luck"}' >$workspace/task_result.json; ${exit(1)}`, outcome: 'error-result', code: 123, explanation: 'no luck' },
    { reason: 'garbage for a result', script: `echo '{"Ok":' >$workspace/task_result.json; ${exit(0)}`, outcome: 'error-result', code: 123, explanation: 'it is not JSON' },
    { reason: 'a panic', script: exit(101), outcome: 'panic', code: 101, explanation: 'panicked' },
    { reason: 'a signal', script: `printf '\\n*** signal 11 received by tid 2, errno 0, code 1\\n   core dump\\n'; ${exit(11)}`, outcome: 'load-failure', code: 127, explanation: 'not an ELF file' },
    { reason: 'SIGABRT', script: `printf '\\n*** signal 6 received by tid 2, errno 0, code 1\\n   core dump\\n'; ${exit(6)}`, outcome: 'signal', code: 134, explanation: 'SIGABRT' },
    { reason: 'a wrong program path', script: `echo 'program startup failed on exec: (result:unable to open program file /x)'; ${exit(127)}`, outcome: 'load-failure', code: 127, explanation: '`/x`' },
    { reason: 'a crash of the kernel', script: `echo 'cpu: 0, context type: 1'; ${exit(126)}`, outcome: 'halted', code: 134, explanation: 'crashed' },
    { reason: 'a reset', script: `echo '${NET}'; exit 0`, outcome: 'halted', code: 134, explanation: 'reset' },
    { reason: 'a VM that ends in silence', script: 'exit 0', outcome: 'halted', code: 134, explanation: 'Nothing has booted' },
    { reason: 'code 128, which arrives as 0', script: `echo '${SHUTDOWN}'; ${exit(0)}`, outcome: 'exited', code: 125, explanation: '128 or 256' },
    { reason: 'a program that prints as the kernel does', script: `echo '[0.1] up'; echo 'assertion x failed at y.c:1 (IP 0) in f()'; echo; echo '*** signal 11 received by tid 2'; echo 'unable to open filesystem: x'; ${exit(0)}`, outcome: 'exited', code: 0, explanation: 'exit code 0.' },
  ])('tells of $reason', ({ script, outcome, code, explanation }) =>
    withImage(async ({ boot }) => {
      const result = await boot(script);
      expect(result).toMatchObject({ outcome, explanation: expect.stringContaining(explanation) as string });
      expect(commandExitCode(result)).toBe(code);
    }));

  it('stops a kernel that gave up and hangs', () =>
    withImage(async ({ boot }) => {
      const result = await boot("echo; echo 'frame trace: '; echo 'assertion x failed at y.c:1 (IP 0) in f()'; sleep 60");
      expect(result).toMatchObject({ outcome: 'halted', explanation: expect.stringContaining('`x` in `f`') as string });
      expect(result.wallTimeMs).toBeLessThan(4000);
    }));

  it('lets a program go on that prints of an assertion, and works on', () =>
    withImage(async ({ boot }) => {
      const assertion = "echo 'assertion x failed at y.c:1 (IP 0) in f()'";
      const silent = boot(`${assertion}; sleep 2.5; ${exit(0)}`);
      const alive = boot(`echo 'frame trace: '; ${assertion}; sleep 0.1; echo; echo step; sleep 2.5; ${exit(0)}`);
      expect([(await silent).outcome, (await alive).outcome]).toEqual(['exited', 'exited']);
    }));

  it('stops a program at its time limit', () =>
    withImage(async ({ boot }) => {
      expect(await boot('echo working; sleep 60', { timeoutMs: 150 })).toMatchObject({ outcome: 'timed-out', output: 'working\n' });
    }));

  it('passes on what is no whole line, soon', () =>
    withImage(async ({ at, boot }) => {
      const seen: string[] = [];
      const controller = new AbortController();
      const running = bootImage({
        imagePath: at('p.img'), accelerator: 'tcg', memoryMiB: 64, cacheFolder: at('cache'), qemu: standInQemu(at(), 'printf "half a line"; sleep 60'), signal: controller.signal,
        onOutput: (chunk) => {
          seen.push(Buffer.from(chunk).toString());
          controller.abort();
        },
      });
      await expect(running).rejects.toMatchObject({ code: 'PVM_CANCELLED' });
      expect(seen).toEqual(['half a line']);
      expect((await boot(exit(0))).outcome).toBe('exited');
    }));

  it('of an image without debug_exit goes by the result', () =>
    withImage(async ({ at, boot }) => {
      makeTestImage(at('p.img'), { attributes: { program: '/p', mounts: new Map([['%0', '/workspace']]) } });
      const result = await boot(`echo '{"Ok":{"id":"7","data":[],"files":[]}}' >$workspace/task_result.json; echo '${NET}'; exit 0`);
      expect(result).toMatchObject({ outcome: 'exited', explanation: expect.stringContaining('no exit code') as string });
      expect([commandExitCode(result), commandExitCode(await boot(`echo '${NET}'; exit 0`))]).toEqual([0, 125]);
    }));

  it('notes what a node would trip over', () =>
    withImage(async ({ at, boot }) => {
      makeTestImage(at('p.img'), { attributes: { program: '/p', debug_exit: 't', reboot_on_exit: 't', mounts: new Map([['%1', '/workspace']]) } });
      const { notes } = await boot(`echo '[0.326776] storage: mount point /workspace not found'; ${exit(0)}`, { cpus: 1000 });
      expect(notes).toEqual([
        expect.stringContaining('mounts no `%0` (only %1 at /workspace)'), expect.stringContaining('`RebootOnExit`'),
        expect.stringContaining('no folder `/workspace`'), expect.stringContaining('the VM has 1000'),
      ]);
    }));

  it('takes resources from the settings, and notes those that the machine has not', () =>
    withImage(async ({ at, boot }) => {
      await writeFile(at('p.img.json'), '{"resources":{"cpus":1000,"memoryMiB":80}}');
      const { output, notes } = await boot(`echo "$@"; ${exit(0)}`, { cpus: undefined, memoryMiB: undefined });
      expect(output).toContain('-smp 1000 -m 80M');
      expect(notes).toEqual([expect.stringContaining('the VM has 1000, as the settings in `p.img.json` say.')]);
    }));

  it('notes a result that is of no use', () =>
    withImage(async ({ at, boot }) => {
      await writeFile(at('task.json'), '{"id":"7","args":[],"files":[]}');
      const { notes } = await boot(`echo '{"Ok":{"id":"8","data":[],"files":["absent"]}}' >$workspace/task_result.json; ${exit(0)}`, { task: at('task.json') });
      expect(notes).toEqual([expect.stringContaining('has the id `8`'), expect.stringContaining('names the file `absent`')]);
    }));

  it('gives QEMU what was asked for', () =>
    withImage(async ({ at, boot }) => {
      const gdbPort = await freePort();
      const { output } = await boot(`printf '%s\\n' "$@"; ${exit(0)}`, { cpus: 3, memoryMiB: 100, gdbPort, qemuArgs: ['-d', 'int'], serialLog: at('logs', 'serial') });
      expect(output.split('\n')).toEqual(expect.arrayContaining(['3', '100M', `file=${at('p.img')},format=raw,if=none,id=hd0,readonly=on`, `tcp:127.0.0.1:${gdbPort}`, '-S', '-d', 'int']));
      expect(await readFile(at('logs', 'serial'), 'utf8')).toBe(`${output}${NET}\n`);
    }));
});

describe('the accelerator', () => {
  const kvmFails = (how: string): string => `case "$*" in *accel=kvm*) ${how} ;; esac; ${exit(0)}`;

  const machine = { platform: 'linux', arch: 'x64', kvm: 'usable' } as const;
  const auto = { accelerator: 'auto', lifeLimitMs: 100, machine } as const;

  it.each([
    { reason: 'shows no sign of life', how: 'exec sleep 60', note: 'no sign of life' },
    { reason: 'gives up', how: "echo 'KVM internal error. Suberror: 1' >&2; exec sleep 60", note: 'gave up' },
    { reason: 'refuses', how: "echo 'qemu: Could not access KVM kernel module' >&2; exit 1", note: 'could not be used' },
  ])('that $reason gives way to TCG', ({ reason, how, note }) =>
    withImage(async ({ boot }) => {
      const result = await boot(kvmFails(how), auto);
      expect(result).toMatchObject({ outcome: 'exited', accelerator: 'tcg', notes: [expect.stringContaining(note)] });
      // remembered, unless it may be over in a moment
      const again = await boot(exit(0), auto);
      expect(again.accelerator).toBe(reason === 'refuses' ? 'kvm' : 'tcg');
    }));

  it('that works is kept, however long the next silence', () =>
    withImage(async ({ boot }) => {
      expect((await boot(exit(0), auto)).accelerator).toBe('kvm');
      expect((await boot(`sleep 0.3; ${exit(0)}`, auto)).accelerator).toBe('kvm');
    }));

  it('is kept for a program that prints nothing but writes', () =>
    withImage(async ({ boot }) => {
      expect((await boot(`echo x >$workspace/x; sleep 0.3; ${exit(0)}`, auto)).accelerator).toBe('kvm');
    }));

  it('that was asked for is not replaced', () =>
    withImage(async ({ boot }) => {
      await expect(boot(kvmFails("echo 'KVM internal error. Suberror: 1' >&2; exec sleep 60"), { accelerator: 'kvm' })).rejects.toMatchObject({ code: 'PVM_NO_ACCELERATION' });
    }));
});

describe('no boot', () => {
  it('without QEMU, which three systems install so', () =>
    withImage(async ({ boot }) => {
      await expect(boot('', { qemu: 'qemu-that-is-not-there' })).rejects.toMatchObject({
        code: 'PVM_MISSING_TOOL',
        hint: 'Install it with `apt-get install qemu-system-x86` (Debian, Ubuntu), `dnf install qemu-system-x86` (Fedora) or `brew install qemu`, or put its folder on PATH.',
      });
    }));

  it('of a bare file system', () =>
    withImage(async ({ at, boot }) => {
      const image = await readFile(at('p.img'));
      await writeFile(at('root.tfs'), image.subarray(image.readUInt32LE(462 + 8) * 512));
      await expect(boot('', { imagePath: at('root.tfs') })).rejects.toMatchObject({ code: 'PVM_BAD_IMAGE' });
    }));

  it('with more memory than the machine has, as the settings want', () =>
    withImage(async ({ at, boot }) => {
      await writeFile(at('p.img.json'), '{"resources":{"cpus":1,"memoryMiB":1073741824}}');
      await expect(boot(exit(0), { memoryMiB: undefined })).rejects.toMatchObject({ code: 'PVM_NOT_ENOUGH_MEMORY', message: expect.stringContaining('The VM wants 1073741824 MiB of memory, as the settings in `p.img.json` say,') as string });
    }));

  it('longer than a timer can count', () =>
    withImage(async ({ boot }) => {
      await expect(boot(exit(0), { timeoutMs: 2 ** 31 })).rejects.toMatchObject({ code: 'PVM_BAD_USAGE' });
    }));

  it.each([0, 65_536, 1.5])('with gdb on port %d', (gdbPort) =>
    withImage(async ({ boot }) => {
      await expect(boot(exit(0), { gdbPort })).rejects.toMatchObject({ code: 'PVM_BAD_USAGE', message: expect.stringContaining(String(gdbPort)) as string });
    }));

  it('with gdb on a port that is taken, where nobody is told to come', () =>
    withImage(({ boot }) =>
      withTakenPort(async (gdbPort) => {
        const steps: string[] = [];
        await expect(boot(exit(0), { gdbPort, onProgress: ({ step }) => steps.push(step) })).rejects.toMatchObject({ code: 'PVM_QEMU_FAILED', message: `The port ${gdbPort} for gdb is taken`, hint: expect.stringContaining('--gdb') as string });
        expect(steps).toEqual([]);
      })));

  it.each([
    { reason: 'QEMU refuses an argument', script: "echo 'qemu: -x: invalid option' >&2; exit 1", code: 'PVM_QEMU_FAILED', message: 'invalid option' },
    { reason: 'QEMU is killed', script: 'kill -9 $$', code: 'PVM_QEMU_FAILED', message: 'was killed' },
    { reason: 'QEMU crashes', script: 'echo booting; kill -SEGV $$', code: 'PVM_QEMU_FAILED', message: 'SIGSEGV' },
    { reason: 'QEMU is ended from outside', script: "echo booting; echo 'qemu: terminating on signal 15 from pid 7 (kill)' >&2; exit 0", code: 'PVM_QEMU_FAILED', message: 'ended from outside' },
    { reason: 'QEMU gets no memory', script: "echo 'cannot set up guest memory' >&2; exit 1", code: 'PVM_NOT_ENOUGH_MEMORY', message: 'cannot give' },
  ])('when $reason', ({ script, code, message }) =>
    withImage(async ({ boot }) => {
      await expect(boot(script)).rejects.toMatchObject({ code, message: expect.stringContaining(message) as string });
    }));

  it.each(['true', 'false'])('by `%s`, which is no QEMU', (qemu) =>
    withImage(async ({ boot }) => {
      await expect(boot('', { qemu })).rejects.toMatchObject({ code: 'PVM_QEMU_FAILED', message: expect.stringContaining('is no QEMU') as string, hint: expect.stringContaining('--qemu') as string });
    }));

  it('when the workspace is a file', () =>
    withImage(async ({ at, boot }) => {
      await writeFile(at('file'), '');
      await expect(boot('', { workspace: at('file') })).rejects.toMatchObject({ code: 'PVM_BAD_WORKSPACE' });
    }));

  it('leaves no temporary workspace behind', () =>
    withImage(async ({ boot }) => {
      const left = async (): Promise<string[]> => (await readdir(tmpdir())).filter((name) => name.startsWith(`package-vm-workspace-${process.pid}-`));
      let during: string[] = [];
      await boot(`echo working; ${exit(0)}`, { onProgress: () => void left().then((names) => (during = names)) });
      expect(during).toHaveLength(1);
      await boot('sleep 60', { timeoutMs: 50 });
      await expect(boot('kill -9 $$')).rejects.toMatchObject({ code: 'PVM_QEMU_FAILED' });
      expect(await left()).toEqual([]);
    }));
});
