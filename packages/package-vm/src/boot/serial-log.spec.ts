import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withScratch } from '../task/testing/scratch.js';
import { SERIAL_LOG_MAX_BYTES, openSerialLog } from './serial-log.js';

describe('openSerialLog', () => {
  it('keeps everything where it is wanted, else at the usual place, else nowhere', () =>
    withScratch((folder) => {
      const at = (name: string): string => join(folder, name);
      for (const [wanted, usual, path] of [[at('new/log'), at('usual'), at('new/log')], [undefined, at('usual'), at('usual')]] as const) {
        const log = openSerialLog({ wanted, usual });
        log.write(Buffer.from('a'));
        log.write(Buffer.from('b'));
        log.close();
        expect([log.path, log.note, readFileSync(path, 'utf8')]).toEqual([path, undefined, 'ab']);
      }
      const none = openSerialLog({ wanted: undefined, usual: undefined });
      none.write(Buffer.from('a'));
      none.close();
      expect(none.path).toBeUndefined();
      return Promise.resolve();
    }));

  it('must be writable only where it was asked for', () =>
    withScratch((folder) => {
      writeFileSync(join(folder, 'file'), '');
      const path = join(folder, 'file', 'log');
      expect(() => openSerialLog({ wanted: path, usual: undefined })).toThrow(expect.objectContaining({ code: 'PVM_WRITE_FAILED' }) as Error);
      expect(openSerialLog({ wanted: undefined, usual: path })).toMatchObject({ path: undefined, note: expect.stringContaining('No serial log is kept') as string });
      return Promise.resolve();
    }));

  it('holds at most 64 MiB and says so', () =>
    withScratch((folder) => {
      mkdirSync(join(folder, 'logs'));
      const log = openSerialLog({ wanted: join(folder, 'logs', 'log'), usual: undefined });
      log.write(Buffer.alloc(SERIAL_LOG_MAX_BYTES - 1));
      log.write(Buffer.alloc(1));
      expect(log.note).toBeUndefined();
      log.write(Buffer.alloc(1));
      log.close();
      expect(statSync(join(folder, 'logs', 'log')).size).toBe(SERIAL_LOG_MAX_BYTES);
      expect(log.note).toBe('The serial log holds the first 64 MiB only.');
      return Promise.resolve();
    }));

  // /dev/full takes nothing, as a disk without space
  (process.platform === 'linux' ? it : it.skip)('tells that it is cut short, whatever comes afterwards', () => {
    const log = openSerialLog({ wanted: '/dev/full', usual: undefined });
    log.write(Buffer.alloc(64 * 1024));
    log.write(Buffer.alloc(64 * 1024));
    log.close();
    expect(log.note).toBe('The serial log is cut short: Could not write `/dev/full`: no space is left on the disk.');
  });
});
