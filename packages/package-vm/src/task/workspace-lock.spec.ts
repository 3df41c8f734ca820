import { spawnSync } from 'node:child_process';
import { readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withScratch } from './testing/scratch.js';
import { lockWorkspace } from './workspace-lock.js';

describe('lockWorkspace', () => {
  it('lets one run in, and the next when it is over', () =>
    withScratch(async (place) => {
      const release = await lockWorkspace('/ws', place);
      await expect(lockWorkspace('/ws', place)).rejects.toMatchObject({ code: 'PVM_BAD_WORKSPACE', message: `The workspace \`/ws\` is in use by another run (process ${process.pid})` });
      await (await lockWorkspace('/other', place))();
      await release();
      await (await lockWorkspace('/ws', place))();
      expect(readdirSync(place)).toEqual([]);
    }));

  it.each([
    { reason: 'a run of another process', pid: process.ppid, isTaken: true },
    { reason: 'a run that was killed', pid: spawnSync('true').pid, isTaken: false },
    { reason: 'an earlier process with our number', pid: process.pid, isTaken: false },
    { reason: 'nobody', pid: '', isTaken: false },
  ])('minds a lock of $reason: $isTaken', ({ pid, isTaken }) =>
    withScratch(async (place) => {
      await (await lockWorkspace('/ws', place))();
      const release = await lockWorkspace('/ws', place);
      const [name = ''] = readdirSync(place);
      await release();
      writeFileSync(join(place, name), String(pid));
      if (isTaken) await expect(lockWorkspace('/ws', place)).rejects.toMatchObject({ code: 'PVM_BAD_WORKSPACE' });
      else await (await lockWorkspace('/ws', place))();
    }));

  it('sweeps what killed runs left a day ago', () =>
    withScratch(async (place) => {
      const dead = String(spawnSync('true').pid);
      for (const [name, pid, days] of [['dead', dead, 2], ['young', dead, 0], ['alive', String(process.ppid), 2]] as const) {
        writeFileSync(join(place, name), pid);
        utimesSync(join(place, name), new Date(), new Date(Date.now() - days * 25 * 3600 * 1000));
      }
      await (await lockWorkspace('/ws', place))();
      expect(readdirSync(place).sort()).toEqual(['alive', 'young']);
    }));

  it("is kept in the user's cache, where nobody else writes", () =>
    withScratch(async (cache) => {
      const { XDG_CACHE_HOME } = process.env;
      process.env.XDG_CACHE_HOME = cache;
      try {
        const release = await lockWorkspace('/ws');
        expect(readdirSync(join(cache, 'package-vm/workspaces'))).toHaveLength(1);
        await release();
        expect(readdirSync(join(cache, 'package-vm/workspaces'))).toEqual([]);
      } finally {
        if (XDG_CACHE_HOME === undefined) delete process.env.XDG_CACHE_HOME;
        else process.env.XDG_CACHE_HOME = XDG_CACHE_HOME;
      }
    }));

  it('locks nothing where there is no place for it', () =>
    withScratch(async (place) => {
      writeFileSync(join(place, 'file'), '');
      await (await lockWorkspace('/ws', join(place, 'file', 'below')))();
    }));
});
