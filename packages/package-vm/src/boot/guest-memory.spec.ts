import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withScratch } from '../task/testing/scratch.js';
import { readGuestMemory } from './guest-memory.js';

// as Linux 6.1 shows them
const mapping = (sizeKiB: number, rssKiB: number): string =>
  [
    '7f5b40000000-7f5bc0000000 rw-p 00000000 00:00 0 ',
    `Size:            ${sizeKiB} kB`, 'KernelPageSize:        4 kB', 'MMUPageSize:           4 kB',
    `Rss:               ${rssKiB} kB`, 'Pss:               1 kB', 'VmFlags: rd wr mr mw me ac sd hg ', '',
  ].join('\n');

describe('readGuestMemory', () => {
  it("finds the mapping of the VM's size", () =>
    withScratch((folder) => {
      const path = join(folder, 'smaps');
      writeFileSync(path, [mapping(65_532, 10_240), mapping(2_097_152, 75_776), mapping(65_532, 0)].join(''));
      expect(readGuestMemory(path, 2048)).toBe(75_776 * 1024);
      expect(readGuestMemory(path, 512)).toBeUndefined();
      expect(readGuestMemory(join(folder, 'gone'), 2048)).toBeUndefined();
      return Promise.resolve();
    }));
});
