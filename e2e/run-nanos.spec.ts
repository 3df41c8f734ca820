// Images booted on a real Nanos, where one is found.
import { spawnSync } from 'node:child_process';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { commandExitCode } from '../packages/package-vm/src/task/run-result.js';
import { at, boot, buildProbes, COMMAND, command, fresh, probeImage, qemusWith, suite, waitsForCargo, waitsForNanos } from './run/workbench.js';
import { ENDINGS, expectEnding } from './run/endings.js';
import { proveAndVerify, readMuch } from './run/by-engine.js';

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
    writeFileSync(at('hostile-task.json'), '{"id":"1","args":[],"files":[]}');
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

suite('prover and verifier', waitsForCargo, () => {
  it('hand a proof on, and a tampered one is refused', () => { proveAndVerify('builtin'); }, 600_000);
});
