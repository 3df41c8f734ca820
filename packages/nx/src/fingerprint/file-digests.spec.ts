import { existsSync, readFileSync, unlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { removeTrees, temporaryTree } from '../plugin/testing/temporary-tree.js';
import { FileDigests } from './file-digests.js';

afterAll(removeTrees);

describe('FileDigests', () => {
  it('reads a file again only where its stamp has changed', () => {
    const root = temporaryTree({ key: 'one' });
    const path = join(root, 'key');
    const ask = (): string | undefined => {
      const digests = new FileDigests(join(root, 'data/memory.json'));
      const digest = digests.of(path);
      digests.save();
      return digest;
    };
    const first = ask();
    // just written: nothing is remembered yet
    expect(readMemory(root)).toEqual({});
    writeFileSync(path, 'two');
    utimesSync(path, 1, 1);
    expect(ask()).not.toBe(first);
    unlinkSync(path);
    expect(ask()).toBeUndefined();
  });

  it('believes a memory whose stamp holds', () => {
    const root = temporaryTree({});
    const remembered = new FileDigests(join(root, 'm.json'));
    // a file that was left alone for long
    const digest = remembered.of('/etc/passwd');
    remembered.save();
    const memory = JSON.parse(readFileSync(join(root, 'm.json'), 'utf8')) as Record<string, [string, string]>;
    expect(memory['/etc/passwd']?.[1]).toBe(digest);
    writeFileSync(join(root, 'm.json'), JSON.stringify({ '/etc/passwd': [memory['/etc/passwd']?.[0], 'remembered'] }));
    expect(new FileDigests(join(root, 'm.json')).of('/etc/passwd')).toBe('remembered');
  });
});

function readMemory(root: string): unknown {
  return existsSync(join(root, 'data/memory.json')) ? JSON.parse(readFileSync(join(root, 'data/memory.json'), 'utf8')) : {};
}
