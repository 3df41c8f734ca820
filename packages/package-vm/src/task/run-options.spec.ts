import { requireTimeout } from './run-options.js';

describe('requireTimeout', () => {
  it.each([0, -1, Number.NaN, 2 ** 31, Infinity])('refuses %d ms', (timeoutMs) => {
    expect(() => { requireTimeout(timeoutMs); }).toThrow(expect.objectContaining({ code: 'PVM_BAD_USAGE' }) as Error);
  });

  it.each([undefined, 1, 2_147_483_000, 2 ** 31 - 1])('takes %d ms', (timeoutMs) => {
    expect(() => { requireTimeout(timeoutMs); }).not.toThrow();
  });
});
