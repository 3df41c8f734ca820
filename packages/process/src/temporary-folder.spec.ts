import { existsSync, mkdirSync, rmSync, utimesSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { makeTemporaryFolder } from './temporary-folder.js';

it('sweeps what killed processes left, and only that', async () => {
  const prefix = `package-vm-test-sweep-${process.pid}-`;
  const place = await realpath(tmpdir());
  // beyond the largest process id of Linux
  const dead = 2 ** 22 + 1;
  const folder = (name: string, ageHours: number): string => {
    const path = join(place, name);
    mkdirSync(path);
    const time = Date.now() / 1000 - ageHours * 3600;
    utimesSync(path, time, time);
    return path;
  };
  const old = folder(`${prefix}${dead}-old`, 25);
  const kept = [folder(`${prefix}${dead}-young`, 23), folder(`${prefix}${process.pid}-mine`, 25), folder(`${prefix}no-number`, 25)];
  const made = await makeTemporaryFolder(prefix);
  expect(basename(made)).toMatch(new RegExp(`^${prefix}${process.pid}-`));
  expect([old, ...kept].map((path) => existsSync(path))).toEqual([false, true, true, true]);
  for (const path of [made, ...kept]) rmSync(path, { recursive: true });
});
