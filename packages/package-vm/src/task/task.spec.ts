import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { readTask } from './task.js';
import { withScratch } from './testing/scratch.js';

const TASK = '{"id":"7","args":[],"files":[]}';

/** Runs with a named pipe, which a shell script writes to as descriptor 9. */
function withPipe(script: string, use: (path: string) => Promise<void>): Promise<void> {
  return withScratch(async (folder) => {
    const path = join(folder, 'pipe');
    spawnSync('mkfifo', [path]);
    // opened for reading too, it waits for no reader
    const writer = spawn('sh', ['-c', `exec 9<>"$0"; echo open; ${script}`, path], { stdio: ['ignore', 'pipe', 'ignore'] });
    const end = once(writer, 'exit');
    try {
      await once(writer.stdout, 'data');
      await use(path);
    } finally {
      writer.kill();
      await end;
    }
  });
}

describe('readTask', () => {
  it('waits for what a pipe brings in pieces', () =>
    withPipe(`sleep 0.2; printf '%s' '${TASK.slice(0, 9)}' >&9; sleep 0.2; printf '%s' '${TASK.slice(9)}' >&9`, async (path) => {
      const { task, bytes } = await readTask(path);
      expect(task.id).toBe('7');
      expect(Buffer.from(bytes).toString()).toBe(TASK);
    }));

  it('stops waiting on request', () =>
    withPipe('exec sleep 60', async (path) => {
      await expect(readTask(path, AbortSignal.timeout(100))).rejects.toMatchObject({ code: 'PVM_CANCELLED' });
    }));

  it('refuses a pipe that nobody writes to', () =>
    withScratch(async (folder) => {
      spawnSync('mkfifo', [join(folder, 'pipe')]);
      await expect(readTask(join(folder, 'pipe'))).rejects.toMatchObject({ code: 'PVM_BAD_TASK', message: expect.stringContaining('nobody wrote to') as string });
    }));

  it.each([
    { reason: 'a folder', path: '.', message: 'there is a folder of that name' },
    { reason: 'what never ends', path: '/dev/zero', message: 'it has more than 67108864 bytes' },
  ])('refuses $reason', async ({ path, message }) => {
    await expect(readTask(path)).rejects.toMatchObject({ code: 'PVM_BAD_TASK', message: expect.stringContaining(message) as string });
  });
});
