import { remapFlags } from './remap-flags.js';

const folders = {
  sourceRoot: '/home/a/ws',
  workspaceRoot: '/home/a/ws/rust',
  targetDir: '/home/a/ws/rust/target',
  cargoHome: '/home/a/.cargo',
  sysroot: '/home/a/.rustup/toolchains/stable',
  commitHash: 'c0ffee',
};

describe('remapFlags', () => {
  it('puts the longest prefix last, since rustc takes the last that matches', () => {
    expect(remapFlags(folders, [])).toEqual([
      '--remap-path-prefix=/home/a/ws=/src',
      '--remap-path-prefix=/home/a/.cargo=/cargo',
      '--remap-path-prefix=/home/a/ws/rust/target=/target',
      '--remap-path-prefix=/home/a/.rustup/toolchains/stable=/rustc-sysroot',
      '--remap-path-prefix=/home/a/.rustup/toolchains/stable/lib/rustlib/src/rust=/rustc/c0ffee',
    ]);
  });

  it('maps a cargo workspace outside the Nx workspace, too', () => {
    expect(remapFlags({ ...folders, workspaceRoot: '/elsewhere' }, [])).toContain('--remap-path-prefix=/elsewhere=/src');
  });

  it.each([
    { reason: 'in one word', flags: ['--remap-path-prefix=/home/a/ws=/mine'] },
    { reason: 'in two words', flags: ['--remap-path-prefix', '/home/a/ws=/mine'] },
  ])('leaves a prefix to the user who maps it $reason', ({ flags }) => {
    expect(remapFlags(folders, flags).join(' ')).not.toContain('=/src');
  });
});
