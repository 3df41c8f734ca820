import { remapFlags } from './remap-flags.js';

const folders = [
  { folder: '/home/a/ws/target', name: '/target' },
  { folder: '/home/a/ws', name: '/src' },
  { folder: '/home/a/.cargo', name: '/cargo' },
];

describe('remapFlags', () => {
  it('puts the longest prefix last, since rustc takes the last that matches', () => {
    expect(remapFlags(folders, ['-g'])).toEqual(['--remap-path-prefix=/home/a/ws=/src', '--remap-path-prefix=/home/a/.cargo=/cargo', '--remap-path-prefix=/home/a/ws/target=/target']);
  });

  it.each([
    { reason: 'in one word', flags: ['--remap-path-prefix=/home/a/ws=/mine'] },
    { reason: 'in two words', flags: ['--remap-path-prefix', '/home/a/ws=/mine'] },
  ])('leaves a prefix to the user who maps it $reason', ({ flags }) => {
    expect(remapFlags(folders, flags).join(' ')).not.toContain('=/src');
  });
});
