import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { StandInCargo } from '../cargo/testing/stand-in-cargo.js';
import { type BuildBundleOptions, buildBundle } from './build-bundle.js';
import { readBundle } from './read-bundle.js';
import { GLIBC, buildElf, buildLoader } from './testing/elf-builder.js';
import { FileTree } from './testing/file-tree.js';

let cargo: StandInCargo;
let tree: FileTree;
beforeEach(() => {
  cargo = new StandInCargo();
  tree = new FileTree();
  cargo.hasPackages({ crate: ['prover'] });
  cargo.write('crate/sysroot/etc/hostname', '');
  const program = join(cargo.folder, 'target/release/prover');
  const artifact = { reason: 'compiler-artifact', package_id: 'x', target: { kind: ['bin'], name: 'prover' }, features: [], executable: program };
  const script = { reason: 'build-script-executed', package_id: 'x', linked_paths: [`native=${tree.path('out')}`] };
  cargo.answers('cargo', 'build', { stdout: `${JSON.stringify(script)}\n${JSON.stringify(artifact)}\n` });
  tree.add({ 'out/libfoo.so': buildElf({ soname: 'libfoo.so' }) });
  cargo.write('target/release/prover', buildElf({ interpreter: GLIBC, needed: ['libfoo.so'] }));
  cargo.write('crate/sysroot/lib64/ld-linux-x86-64.so.2', buildLoader('debian'));
});
afterEach(() => {
  cargo.remove();
  tree.remove();
});

const build = (options: Partial<BuildBundleOptions> = {}) =>
  buildBundle({ path: cargo.crate, env: cargo.env, settings: { sysroot: 'sysroot' }, outputFolder: tree.path('dist/bundle'), ...options });

describe('buildBundle', () => {
  it('builds, collects what cargo linked and the sysroot has, and writes', async () => {
    const bundle = await build();
    expect(bundle).toMatchObject({
      name: 'prover',
      program: { hostPath: tree.path('dist/bundle/program') },
      libraries: [
        { guestPath: '/lib/x86_64-linux-gnu/libfoo.so', origin: 'cargo' },
        { guestPath: GLIBC, origin: 'sysroot' },
      ],
      build: { package: 'crate', profile: 'release' },
    });
    expect(await readBundle(tree.path('dist/bundle'), { verify: true })).toEqual(bundle);
  });

  it('hands the settings to cargo and names the Nx workspace `/src`', async () => {
    await build({ settings: { sysroot: 'sysroot', profile: 'dist', features: ['gpu'], noDefaultFeatures: true, target: 'x86_64-unknown-linux-musl' }, workspaceRoot: '/ws' });
    const { args, flags } = cargo.lastCall();
    expect(args).toEqual(expect.arrayContaining(['--profile', 'dist', '--features', 'gpu', '--no-default-features', '--target', 'x86_64-unknown-linux-musl']));
    expect(flags).toContain('--remap-path-prefix=/ws=/src');
  });

  it('tells when it waits for another build', async () => {
    mkdirSync(join(cargo.folder, 'target/.package-vm.lock'));
    const controller = new AbortController();
    const messages: string[] = [];
    const waiting = build({
      signal: controller.signal,
      onProgress: (message) => {
        messages.push(message);
        controller.abort();
      },
    });
    await expect(waiting).rejects.toMatchObject({ code: 'PVM_CANCELLED' });
    expect(messages).toEqual([`Waiting for another build in \`${join(cargo.folder, 'target')}\``]);
  });

  it('tells what was read before it writes anything, and lets that be refused', async () => {
    cargo.write('target/release/prover.d', `prover: ${cargo.crate}/src/main.rs\n`);
    const read: (readonly string[])[] = [];
    const refused = build({
      onSources: ({ files }) => {
        read.push(files);
        throw new Error('refused');
      },
    });
    await expect(refused).rejects.toThrow('refused');
    expect(read).toEqual([[`${cargo.crate}/src/main.rs`, tree.path('out/libfoo.so')].sort()]);
    expect(existsSync(tree.path('dist'))).toBe(false);
  });

  it('refuses a source whose content Git LFS has not fetched', async () => {
    cargo.write('target/release/prover.d', `prover: ${cargo.crate}/key.bin\n`);
    cargo.write('crate/key.bin', 'version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n');
    await expect(build()).rejects.toMatchObject({ code: 'PVM_LFS_POINTER' });
  });

  it('writes nothing when cargo fails', async () => {
    cargo.answers('cargo', 'build', { stderr: 'error: could not compile `crate`\n', exitCode: 101 });
    await expect(build()).rejects.toMatchObject({ code: 'PVM_COMPILE_FAILED' });
    expect(existsSync(tree.path('dist'))).toBe(false);
    expect(existsSync(join(cargo.folder, 'target/.package-vm.lock'))).toBe(false);
  });
});
