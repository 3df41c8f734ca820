// Images with the placeholder release, which runs no program, booted in QEMU: every outcome that needs no kernel.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, readdirSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { makeImage } from './probes/make-image.js';
import { at, boot, COMMAND, command, type CommandRun, digest, folder, fresh, qemusWith, repository, suite, until, waitsForPlaceholder } from './run/workbench.js';

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
