import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pc from 'picocolors';
import { freePort } from '../boot/testing/free-port.js';
import { makeTestImage, standInQemu } from '../boot/testing/stand-in.js';
import { withScratch } from '../task/testing/scratch.js';
import { runCommandLine } from './run-command-line.js';

interface Ran {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `package-vm run p.img …` with a shell script in the place of QEMU. */
function withRun(use: (run: (script: string, ...args: string[]) => Promise<Ran>, at: (...parts: string[]) => string) => Promise<void>): Promise<void> {
  return withScratch(async (folder) => {
    makeTestImage(join(folder, 'p.img'));
    const run = async (script: string, ...args: string[]): Promise<Ran> => {
      const written = { stdout: '', stderr: '' };
      const exitCode = await runCommandLine(['run', 'p.img', '--accel', 'tcg', '--memory', '64', '--qemu', standInQemu(folder, script), ...args], {
        out: (text) => Promise.resolve(void (written.stdout += Buffer.from(text).toString())),
        note: (line) => (written.stderr += `${line}\n`),
        pass: (text) => (written.stderr += Buffer.from(text).toString()),
        isInteractive: false, colors: pc.createColors(false), cwd: folder, env: {}, signal: new AbortController().signal,
      });
      return { exitCode, ...written };
    };
    await use(run, (...parts) => join(folder, ...parts));
  });
}

const NET = '[0.679609] NET: no network interface found';

describe('package-vm run', () => {
  it("gives the program's output and its exit code; the rest is on stderr", () =>
    withRun(async (run) => {
      const { exitCode, stdout, stderr } = await run(`echo '${NET}'; echo hello; echo '[0.326776] storage: mount point /workspace not found'; exit 15`);
      expect([exitCode, stdout]).toEqual([7, 'hello\n']);
      expect(stderr).toMatch(/^kernel: \[0\.326776\] storage: .*\nThe program ended with exit code 7\. \(\d+\.\d\d s, booted after \d+\.\d\d s, tcg\)\nnote: The image has no folder `\/workspace`/);
    }));

  it('begins a line of its own behind output that has no end of line', () =>
    withRun(async (run) => {
      expect(await run('printf half; exit 1')).toMatchObject({ stdout: 'half', stderr: expect.stringMatching(/^\nThe program ended/) as string });
    }));

  it('takes CPUs and memory from the result file, and from options first', () =>
    withRun(async (run, at) => {
      await writeFile(at('p.img.json'), '{"resources":{"cpus":1,"memoryMiB":80}}');
      const { stdout } = await run('echo "$@"; exit 1');
      expect(stdout).toContain('-smp 1 -m 64M');
      await mkdir(at('ws'));
      expect(JSON.parse((await run('echo; exit 1', '--json', '--workspace', 'ws', '--cpus', '2')).stdout)).toMatchObject({ exitCode: 0, cpus: 2, workspace: at('ws'), serialLog: at('ws.serial.log') });
    }));

  it('prints everything as data with --json', () =>
    withRun(async (run) => {
      const { exitCode, stdout, stderr } = await run(`echo hello; echo '{"Ok":{"id":"1","data":[104,105],"files":["f"]}}' >"$workspace/task_result.json"; echo x >"$workspace/f"; exit 1`, '--json');
      expect(exitCode).toBe(0);
      expect(JSON.parse(stdout)).toMatchObject({
        outcome: 'exited', exitCode: 0, accelerator: 'tcg', memoryBytes: 64 * 1024 * 1024, taskResult: { kind: 'ok', id: '1', data: [104, 105], files: ['f'] },
        outputFiles: [{ path: 'f', sizeBytes: 2, sha256: '73cb3858a687a8494ca3323053016282f3dad39d42cf62ca4e79dda2aac7d9ac' }], wallTimeMs: expect.any(Number) as number, bootTimeMs: expect.any(Number) as number,
      });
      expect(stderr).toBe('hello\n');
    }));

  it('lets no terminal obey what a program says in the name of the kernel, of files and of errors', () =>
    withRun(async (run) => {
      const { exitCode, stderr } = await run(`printf '[0.123456] a\\033[2J\\n'; printf x >"$workspace/$(printf 'a\\033[2J')"; printf '{"Err":"a\\\\u001b[2J"}' >"$workspace/task_result.json"; exit 3`);
      expect([exitCode, stderr]).toEqual([123, expect.not.stringContaining('\u001b')]);
      expect(stderr).toMatch(/kernel: .*a\\x1b\[2J\n[^]*`Err`: a\\x1b\[2J\.[^]*^ {2}a\\x1b\[2J \(1 B\)$/m);
    }));

  it('lets no terminal obey what an error quotes', () =>
    withRun(async (run, at) => {
      await mkdir(at('proved'));
      await writeFile(at('proved', 'task_result.json'), '{"Ok":{"id":"1","data":[],"files":["a\\u001b[2J"]}}');
      expect((await run('exit 1', '--files-from', 'proved')).stderr).toContain('names the file `a\\x1b[2J`, which is not there');
    }));

  it("hands a prover's files on to a verifier", () =>
    withRun(async (run, at) => {
      await mkdir(at('proved'));
      await run(`echo '{"Ok":{"id":"1","data":[],"files":["proof.bin"]}}' >"$workspace/task_result.json"; echo proof >"$workspace/proof.bin"; exit 1`, '--workspace', 'proved');
      expect((await run('cat "$workspace/proof.bin"; exit 1', '--files-from', 'proved')).stdout).toBe('proof\n');
    }));

  it.each([
    { reason: 'a missing QEMU', args: ['--qemu', 'no-such-qemu'], code: 'PVM_MISSING_TOOL' },
    { reason: 'a missing task', args: ['--task', 'none.json'], code: 'PVM_BAD_TASK' },
    { reason: 'no result to take files from', args: ['--files-from', '.'], code: 'PVM_BAD_WORKSPACE' },
  ])('ends with 125 for $reason, which no program is to blame for', ({ args, code }) =>
    withRun(async (run) => {
      const { exitCode, stdout, stderr } = await run('exit 1', ...args, '--json');
      expect([exitCode, JSON.parse(stdout)]).toMatchObject([125, { error: { code } }]);
      expect(stderr).toContain(`error ${code}: `);
    }));

  it.each([[['--cpus', '0']], [['--gdb', 'x']], [['--accel', 'warp']], [['--timeout', 'soon']], [['--memory', '1T']], [['--task', '']], [['--workspace', '']]])('ends with 2 for %j', (args) =>
    withRun(async (run) => {
      expect((await run('exit 1', ...args)).exitCode).toBe(2);
    }));

  it('says how gdb gets in', () =>
    withRun(async (run) => {
      const { stdout, stderr } = await run('echo "$@"; exit 1', '--gdb');
      expect(stdout).toContain('-gdb tcp:127.0.0.1:1234 -S');
      expect(stderr).toContain('target remote 127.0.0.1:1234');
      const refused = await run('exit 1', '--gdb', '--serial-log', 'p.img');
      expect([refused.exitCode, refused.stderr]).toEqual([2, expect.not.stringContaining('waits for gdb')]);
      const swallowed = await run('exit 1', '--gdb', 'p.img');
      expect([swallowed.exitCode, swallowed.stderr]).toEqual([2, expect.stringContaining('Name the image before `--gdb`')]);
      const port = String(await freePort());
      const { stdout: withArguments } = await run('echo "$@"; exit 1', '--gdb', port, '--qemu-arg', '-d', '--qemu-arg', 'int');
      expect(withArguments).toContain(`tcp:127.0.0.1:${port} -S -d int\n`);
    }));
});
