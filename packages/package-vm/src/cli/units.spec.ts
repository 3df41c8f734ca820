import { parseDurationMs, parseMemoryMiB } from './units.js';

describe('parseDurationMs', () => {
  it.each([['500ms', 500], ['90s', 90_000], ['90', 90_000], ['1.5s', 1500], ['30m', 1_800_000], ['1h', 3_600_000], ['596h', 2_145_600_000]])('reads %s', (text, ms) => {
    expect(parseDurationMs(text)).toBe(ms);
  });

  it.each(['', '0', '-1s', '1d', 's', '1e3', '597h', ' 1s'])('refuses %j', (text) => {
    expect(() => parseDurationMs(text)).toThrow(expect.objectContaining({ code: 'PVM_BAD_USAGE' }) as Error);
  });
});

describe('parseMemoryMiB', () => {
  it.each([['512', 512], ['2048M', 2048], ['4G', 4096], ['4g', 4096], ['4GiB', 4096], ['512 MiB', 512]])('reads %s', (text, mib) => {
    expect(parseMemoryMiB(text)).toBe(mib);
  });

  it.each(['', '0', '1T', '-1G', '1.5G', 'G'])('refuses %j', (text) => {
    expect(() => parseMemoryMiB(text)).toThrow(expect.objectContaining({ code: 'PVM_BAD_USAGE' }) as Error);
  });
});
