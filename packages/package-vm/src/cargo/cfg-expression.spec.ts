import { cfgHolds } from './cfg-expression.js';

const values = new Set(['unix', 'target_os="linux"', 'target_arch="x86_64"', 'target_feature="sse2"']);

describe('cfgHolds', () => {
  it.each([
    { key: 'cfg(unix)', holds: true },
    { key: 'cfg(windows)', holds: false },
    { key: 'cfg(target_os = "linux")', holds: true },
    { key: 'cfg(target_os = "macos")', holds: false },
    { key: 'cfg(not(windows))', holds: true },
    { key: 'cfg(all())', holds: true },
    { key: 'cfg(any())', holds: false },
    { key: 'cfg(all(unix, target_arch = "x86_64",))', holds: true },
    { key: 'cfg(any(windows, all(unix, not(target_feature = "avx2"))))', holds: true },
    { key: 'cfg(true)', holds: true },
    { key: 'cfg(false)', holds: false },
  ])('$key: $holds', ({ key, holds }) => {
    expect(cfgHolds(key, values)).toBe(holds);
  });

  it.each(['x86_64-unknown-linux-gnu', 'cfg(', 'cfg()', 'cfg(all(unix)', 'cfg(not(unix, unix))', 'cfg(unix unix)', 'cfg(some(unix))', 'cfg(all(unix unix))', 'cfg("unix")'])(
    '%s does not hold',
    (key) => {
      expect(cfgHolds(key, values)).toBe(false);
    },
  );
});
