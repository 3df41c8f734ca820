import { existsSync, readFileSync, rmSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { withTargetLock } from './target-lock.js';
import { FileTree } from './testing/file-tree.js';

let tree: FileTree;
let targetDir: string;
beforeEach(() => {
  tree = new FileTree();
  targetDir = tree.path('target');
});
afterEach(() => {
  tree.remove();
});

const lockPath = (): string => join(targetDir, '.package-vm.lock');

describe('withTargetLock', () => {
  it('runs one action at a time and tells those that wait, once', async () => {
    const events: string[] = [];
    const run = (name: string): Promise<void> =>
      withTargetLock({ targetDir, onWait: () => events.push(`${name} waits`) }, async () => {
        events.push(`${name} begins`);
        await sleep(300);
        events.push(`${name} ends`);
      });
    await Promise.all([run('a'), sleep(100).then(() => run('b'))]);
    expect(events).toEqual(['a begins', 'b waits', 'a ends', 'b begins', 'b ends']);
    expect(existsSync(lockPath())).toBe(false);
  });

  it('lets builds in other target folders run', async () => {
    await withTargetLock({ targetDir }, () => withTargetLock({ targetDir: tree.path('other') }, () => Promise.resolve()));
  });

  it('makes a target folder as cargo makes it, left out of backups', async () => {
    await withTargetLock({ targetDir }, () => Promise.resolve());
    expect(readFileSync(join(targetDir, 'CACHEDIR.TAG'), 'utf8')).toMatch(/^Signature: 8a477f597d28d172789f06886806bc55\n/);
  });

  it('does not wait for a holder that was killed', async () => {
    tree.add({ 'target/.package-vm.lock/x': '' });
    rmSync(join(lockPath(), 'x'));
    utimesSync(lockPath(), 0, 0);
    const waited: string[] = [];
    expect(await withTargetLock({ targetDir, onWait: () => waited.push('waits') }, () => Promise.resolve('done'))).toBe('done');
    expect(waited).toEqual([]);
  });

  it('gives the lock back when the action fails', async () => {
    await expect(withTargetLock({ targetDir }, () => Promise.reject(new Error('failed')))).rejects.toThrow('failed');
    expect(existsSync(lockPath())).toBe(false);
  });

  it('stops waiting when it is cancelled', async () => {
    const controller = new AbortController();
    await withTargetLock({ targetDir }, async () => {
      const waiting = withTargetLock({ targetDir, signal: controller.signal }, () => Promise.resolve());
      setTimeout(() => {
        controller.abort();
      }, 50);
      await expect(waiting).rejects.toMatchObject({ code: 'PVM_CANCELLED' });
    });
  });

  it('hands the action a signal that follows the caller’s', async () => {
    const controller = new AbortController();
    await withTargetLock({ targetDir, signal: controller.signal }, (signal) => {
      controller.abort();
      expect(signal.aborted).toBe(true);
      return Promise.resolve();
    });
  });

  it('stops the action and fails when another takes the lock over', async () => {
    const action = withTargetLock({ targetDir, staleMs: 2000 }, async (signal) => {
      rmSync(lockPath(), { recursive: true });
      await sleep(4000, undefined, { signal });
    });
    await expect(action).rejects.toMatchObject({ code: 'PVM_LOCK_LOST', message: expect.stringContaining(targetDir) as unknown });
  });

  it('says where it could not write', async () => {
    tree.add({ target: '' });
    await expect(withTargetLock({ targetDir: tree.path('target/x') }, () => Promise.resolve())).rejects.toMatchObject({ code: 'PVM_WRITE_FAILED' });
    await expect(withTargetLock({ targetDir }, () => Promise.resolve())).rejects.toMatchObject({ code: 'PVM_WRITE_FAILED' });
  });
});
