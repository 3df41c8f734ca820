import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type OutputPair, writeOutputPair } from './output-pair.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'output-pair-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const pair = (write: OutputPair['write'], name = 'out/a.img'): OutputPair => ({
  imagePath: join(folder, name), resultPath: join(folder, `${name}.json`), sync: false, write,
});
const writing = (text: string): OutputPair['write'] => async (file) => {
  await file.writeFile(text);
  return `{"of":"${text}"}`;
};

describe('writeOutputPair', () => {
  it('makes the folder and leaves nothing but the pair', async () => {
    await writeOutputPair(pair(writing('one')));
    await writeOutputPair({ ...pair(writing('two')), sync: true });
    expect(readdirSync(join(folder, 'out')).sort()).toEqual(['a.img', 'a.img.json']);
    expect(readFileSync(join(folder, 'out/a.img'), 'utf8')).toBe('two');
    expect(readFileSync(join(folder, 'out/a.img.json'), 'utf8')).toBe('{"of":"two"}');
  });

  it('keeps the old pair when writing fails', async () => {
    await writeOutputPair(pair(writing('old')));
    await expect(writeOutputPair(pair(async (file) => {
      await file.writeFile('half');
      throw new Error('why');
    }))).rejects.toThrow('why');
    expect(readdirSync(join(folder, 'out')).sort()).toEqual(['a.img', 'a.img.json']);
    expect(readFileSync(join(folder, 'out/a.img'), 'utf8')).toBe('old');
  });

  it('leaves one whole pair of several that are put in place at once', async () => {
    for (let round = 0; round < 5; round += 1) {
      await Promise.all(['one', 'two', 'three'].map((text) => writeOutputPair(pair(writing(text)))));
      const image = readFileSync(join(folder, 'out/a.img'), 'utf8');
      expect(readFileSync(join(folder, 'out/a.img.json'), 'utf8')).toBe(`{"of":"${image}"}`);
      expect(readdirSync(join(folder, 'out')).sort()).toEqual(['a.img', 'a.img.json']);
    }
  });

  it('does not wait for long for a process that was killed while it put its pair in place', async () => {
    mkdirSync(join(folder, 'out/.a.img.lock'), { recursive: true });
    await writeOutputPair(pair(writing('one')));
    expect(readdirSync(join(folder, 'out')).sort()).toEqual(['a.img', 'a.img.json']);
  });

  it('sweeps what a killed process left, and only that', async () => {
    mkdirSync(join(folder, 'out'));
    // no process has this number: the kernel's limit is 4194304
    writeFileSync(join(folder, 'out/.a.img.4194305-1.img.tmp'), '');
    writeFileSync(join(folder, `out/.b.img.${process.ppid}-1.img.tmp`), '');
    writeFileSync(join(folder, 'out/.hidden.tmp'), '');
    await writeOutputPair(pair(writing('one')));
    expect(readdirSync(join(folder, 'out')).sort()).toEqual([`.b.img.${process.ppid}-1.img.tmp`, '.hidden.tmp', 'a.img', 'a.img.json']);
  });

  it.each([
    { reason: 'a full disk', cause: 'ENOSPC', message: 'no space is left on the disk' },
    { reason: 'a read-only file system', cause: 'EROFS', message: 'the file system is read-only' },
    { reason: 'a folder it may not write to', cause: 'EACCES', message: 'permission denied' },
  ])('says so: $reason', async ({ cause, message }) => {
    const write = (): Promise<string> => Promise.reject(Object.assign(new Error(cause), { code: cause }));
    await expect(writeOutputPair(pair(write))).rejects.toMatchObject({
      code: 'PVM_WRITE_FAILED', message: expect.stringContaining(message) as string, hint: expect.stringContaining('-o') as string,
    });
    expect(readdirSync(join(folder, 'out'))).toEqual([]);
  });

  it('says so when a part of the path is a file', async () => {
    writeFileSync(join(folder, 'out'), '');
    await expect(writeOutputPair(pair(writing('one')))).rejects.toMatchObject({ code: 'PVM_WRITE_FAILED', message: expect.stringContaining('a part of the path is a file') as string });
    expect(existsSync(join(folder, 'out/a.img'))).toBe(false);
  });
});
