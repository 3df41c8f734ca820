import { runProgram } from './index.js';

const missing = { purpose: 'run this spec', install: 'apt-get install coreutils' };
const sh = (script: string) => ({ program: '/bin/sh', args: ['-c', script], missing });

describe('runProgram', () => {
  it('gives output and exit code', async () => {
    await expect(runProgram(sh('echo out; echo err >&2'))).resolves.toEqual({ exitCode: 0, signal: undefined, stdout: 'out\n', stderr: 'err\n' });
  });

  it('tells the process id as soon as there is one', async () => {
    let started = 0;
    const { stdout } = await runProgram({ ...sh('echo $$'), onStart: (pid) => (started = pid) });
    expect(stdout).toBe(`${started}\n`);
  });

  it('hands out complete lines as they come, the last one without an end too', async () => {
    const lines: string[] = [];
    await runProgram({ ...sh('printf "a\\r\\nb\\nc"'), onLine: (line) => lines.push(line) });
    expect(lines).toEqual(['a', 'b', 'c']);
  });

  it('hands out a character that two pieces share whole', async () => {
    const lines: string[] = [];
    await runProgram({ ...sh('printf "\\303"; sleep 0.1; printf "\\274\\n"'), onLine: (line) => lines.push(line) });
    expect(lines).toEqual(['ü']);
  });

  it('keeps only the end of long output', async () => {
    const { stdout } = await runProgram({ ...sh('head -c 3000000 /dev/zero; printf end'), keepBytes: 10 });
    expect(stdout).toHaveLength(10);
    expect(stdout).toMatch(/end$/);
  });

  it('passes exactly the given environment, input and folder', async () => {
    const { stdout } = await runProgram({ ...sh('cat; pwd; /usr/bin/env | grep -v -e ^PWD -e ^SHLVL -e ^_='), env: { A: '1' }, input: 'in\n', cwd: '/' });
    expect(stdout).toBe('in\n/\nA=1\n');
  });

  it('reads nothing from the terminal', async () => {
    await expect(runProgram(sh('cat'))).resolves.toMatchObject({ stdout: '' });
  });

  it('says what a missing program is needed for', async () => {
    await expect(runProgram({ program: 'no-such-program-here', missing })).rejects.toMatchObject({
      code: 'PVM_MISSING_TOOL',
      message: 'Could not find `no-such-program-here`, needed to run this spec',
    });
  });

  it.each([true, false])('says so whether or not it is to end with us: %s', async (endsWithUs) => {
    await expect(runProgram({ program: '/no/such/program', endsWithUs, missing })).rejects.toMatchObject({ code: 'PVM_MISSING_TOOL' });
    await expect(runProgram({ ...sh('exit 3'), endsWithUs, accept: [3] })).resolves.toMatchObject({ exitCode: 3 });
  });

  it.each([
    { reason: 'an exit code', script: 'echo why >&2; exit 7', message: 'ended with exit code 7:\nwhy', data: { exitCode: 7 } },
    { reason: 'a signal', script: 'kill -KILL $$', message: 'was ended by SIGKILL', data: { signal: 'SIGKILL' } },
    { reason: 'only standard output to show', script: 'echo on stdout; exit 1', message: 'exit code 1:\non stdout', data: { exitCode: 1 } },
  ])('fails with $reason', async ({ script, message, data }) => {
    await expect(runProgram(sh(script))).rejects.toMatchObject({
      code: 'PVM_PROGRAM_FAILED',
      message: expect.stringContaining(message) as unknown,
      data: expect.objectContaining(data) as unknown,
    });
  });

  it('cannot be started in a folder that does not exist', async () => {
    await expect(runProgram({ ...sh('true'), cwd: '/no/such/folder' })).rejects.toMatchObject({ code: 'PVM_PROGRAM_FAILED' });
  });

  it.each([
    { reason: 'a named exit code', accept: [0, 3] as const, script: 'exit 3', exitCode: 3 },
    { reason: 'any end', accept: 'any' as const, script: 'exit 9', exitCode: 9 },
  ])('accepts $reason', async ({ accept, script, exitCode }) => {
    await expect(runProgram({ ...sh(script), accept })).resolves.toMatchObject({ exitCode });
  });

  it('ends a program and its children at the time limit', async () => {
    const lines: string[] = [];
    const call = runProgram({ ...sh('sleep 60 & echo $!; wait'), timeoutMs: 200, onLine: (line) => lines.push(line) });
    await expect(call).rejects.toMatchObject({ code: 'PVM_PROGRAM_TIMED_OUT' });
    await expectGone(Number(lines[0]));
  });

  it('ends a program and its children on request', async () => {
    const controller = new AbortController();
    const pids: number[] = [];
    const call = runProgram({
      ...sh('sleep 60 & echo $!; wait'),
      signal: controller.signal,
      onLine: (line) => {
        pids.push(Number(line));
        controller.abort();
      },
    });
    await expect(call).rejects.toMatchObject({ code: 'PVM_CANCELLED' });
    await expectGone(pids[0] ?? 0);
  });

  it('does not start once cancelled', async () => {
    await expect(runProgram({ ...sh('true'), signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'PVM_CANCELLED' });
  });
});

/** A killed process that nobody waited for stays as a zombie: gone or dead are the same here. */
async function expectGone(pid: number): Promise<void> {
  const { readFile } = await import('node:fs/promises');
  const deadline = Date.now() + 5000;
  for (;;) {
    const stat = await readFile(`/proc/${String(pid)}/stat`, 'utf8').catch(() => '');
    if (stat === '' || stat.includes(') Z ')) return;
    if (Date.now() > deadline) throw new Error(`process ${String(pid)} is still there: ${stat}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

it('adds no listener for each program that runs', async () => {
  const before = process.listenerCount('exit');
  await Promise.all(Array.from({ length: 12 }, () => runProgram(sh('sleep 0.05'))));
  expect(process.listenerCount('exit') - before).toBeLessThanOrEqual(1);
});
