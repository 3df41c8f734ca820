import { nearestKey } from './suggestion.js';

describe('nearestKey', () => {
  const known = ['Env', 'Args', 'Files', 'readonly_rootfs'];

  it.each([
    { reason: 'another style', unknown: 'Read-Only ROOTFS', nearest: 'readonly_rootfs' },
    { reason: 'a slip in a short key', unknown: 'Arg', nearest: 'Args' },
    { reason: 'two slips in a short key', unknown: 'Arxx', nearest: undefined },
    { reason: 'two slips in a long key', unknown: 'radonly_rootf', nearest: 'readonly_rootfs' },
    { reason: 'three slips in a long key', unknown: 'radonly_root', nearest: undefined },
    { reason: 'two letters swapped', unknown: 'Flies', nearest: 'Files' },
    { reason: 'two letters swapped in a short key', unknown: 'Agrs', nearest: 'Args' },
    { reason: 'a key of two letters', unknown: 'En', nearest: undefined },
    { reason: 'nothing', unknown: '', nearest: undefined },
  ])('$reason: $nearest', ({ unknown, nearest }) => {
    expect(nearestKey(unknown, known)?.key).toBe(nearest);
  });

  it('is sure of another style, and of nothing else', () => {
    expect([nearestKey('ENV', known), nearestKey('Arg', known)]).toEqual([
      { key: 'Env', isSure: true },
      { key: 'Args', isSure: false },
    ]);
  });
});
