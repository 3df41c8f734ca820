import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pc from 'picocolors';
import { withScratch } from '../task/testing/scratch.js';
import { runCommandLine } from './run-command-line.js';

/** All that is printed. */
async function printed(cwd: string, ...args: string[]): Promise<string> {
  let text = '';
  await runCommandLine(['nanos', ...args], {
    out: (chunk) => Promise.resolve(void (text += Buffer.from(chunk).toString())),
    note: (line) => void (text += `${line}\n`), pass: () => undefined,
    isInteractive: false, colors: pc.createColors(false), cwd, env: {}, signal: new AbortController().signal,
  });
  return text;
}

describe('nanos lock', () => {
  it('tells a first lock from one that replaces another', () =>
    withScratch(async (folder) => {
      mkdirSync(join(folder, 'mine'));
      writeFileSync(join(folder, 'nanos.lock.json'), '{ "schemaVersion": 1, "releases": {} }');
      for (const name of ['boot.img', 'kernel.img']) writeFileSync(join(folder, 'mine', name), name);
      const lock = (): Promise<string> => printed(folder, 'lock', '--nanos-dir', 'mine');
      expect(await lock()).toMatch(/^Nanos folder is locked in nanos\.lock\.json\.\nIts digests were taken/);
      expect(await lock()).toBe('Nanos folder is locked in nanos.lock.json.\n');
      writeFileSync(join(folder, 'mine', 'kernel.img'), 'another');
      expect(await lock()).toMatch(/^Nanos folder is locked in nanos\.lock\.json, which had other digests of it\.\nThey were replaced/);
    }));
});

describe('nanos install', () => {
  it('tells its default once', async () => {
    const help = await printed('.', 'install', '--help');
    expect(help.match(/default/g)).toHaveLength(1);
  });
});
