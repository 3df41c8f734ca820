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
    { reason: 'a key of two letters', unknown: 'En', nearest: undefined },
    { reason: 'nothing', unknown: '', nearest: undefined },
  ])('$reason: $nearest', ({ unknown, nearest }) => {
    expect(nearestKey(unknown, known)).toBe(nearest);
  });
});
