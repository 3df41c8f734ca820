import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, delimiter, join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { parse } from 'yaml';
import { CacheServer } from './cache-server.js';
import { describeWith } from './needs.js';
import { type NxRun, NxWorkspace } from './nx-workspace.js';

/** CI builds once, everybody else downloads; and what a broken cache server answers is never taken for an image. Needs cargo, and an assembler. */

const FILES = {
  'Cargo.toml': '[workspace]\nresolver = "2"\nmembers = ["crates/*"]\n',
  'Cargo.lock': 'version = 4\n\n[[package]]\nname = "prover"\nversion = "0.1.0"\n',
  'crates/prover/Cargo.toml': '[package]\nname = "prover"\nversion = "0.1.0"\nedition = "2021"\n',
  'crates/prover/src/main.rs': 'fn main() {\n    println!("proved");\n}\n',
  'crates/prover/vm.json': JSON.stringify({ Program: 'prover', ManifestPassthrough: { readonly_rootfs: 'true', debug_exit: 'true' }, Mounts: { '%0': '/workspace' } }),
};
const IMAGE = 'dist/package-vm/crates/prover/prover/image/prover.img';

describeWith(['cargo', 'as'], 'a self-hosted cache server', () => {
  let server: CacheServer;
  let ci: NxWorkspace;
  let laptop: NxWorkspace;
  let sound: ReadonlyMap<string, Buffer>;
  let made: Readonly<Record<string, string>>;
  const tools = mkdtempSync(join(tmpdir(), 'package-vm-tools-'));
  const cargoRan = join(tools, 'cargo-ran');
  // whoever builds with cargo on the second machine is found out; its version is in the key
  const withoutBuilding = { PATH: [tools, process.env.PATH].join(delimiter) };

  const archiveOf = (part: 'bundle' | 'image'): string => {
    const path = server.keys().map((key) => server.archive(key)).find((archive) => gunzipSync(readFileSync(archive)).includes(`prover/${part}/`));
    if (path === undefined) throw new Error(`no archive has the ${part}`);
    return path;
  };
  /** Runs the target as on a machine that has nothing yet. */
  const download = (env: Readonly<Record<string, string>> = {}): NxRun => {
    for (const path of ['.nx', 'dist']) rmSync(join(laptop.root, path), { recursive: true, force: true });
    return laptop.nx('run prover:package-vm', { ...server.env, ...env });
  };
  const hasImage = (): boolean => existsSync(join(laptop.root, IMAGE));

  beforeAll(async () => {
    server = await CacheServer.start();
    ci = new NxWorkspace();
    ci.prepare(FILES);
    laptop = ci.clone();
    writeFileSync(join(tools, 'cargo'), `#!/bin/sh\n[ "$1" = -V ] && PATH=\${PATH#*:} exec cargo -V\ntouch '${cargoRan}'\nexit 1\n`);
    chmodSync(join(tools, 'cargo'), 0o755);
    expect(ci.nx('run prover:package-vm', server.env).failure).toBe('');
    made = ci.digests('dist');
    sound = server.contents();
  }, 300_000);
  afterEach(() => {
    server.restore(sound);
  });
  afterAll(async () => {
    await server.stop();
    for (const { root } of [ci, laptop]) rmSync(root, { recursive: true, force: true });
    rmSync(tools, { recursive: true });
  });

  it('gives another clone image and bundle, byte for byte, without cargo', () => {
    const run = download(withoutBuilding);
    expect({ failure: run.failure, build: run.task('prover:cargo-build'), image: run.task('prover:package-vm') }).toEqual({ failure: '', build: 'hit', image: 'hit' });
    expect(run.output).toContain('[remote cache]');
    expect(laptop.digests('dist')).toEqual(made);
    expect(existsSync(cargoRan)).toBe(false);
    expect(laptop.run('package-vm', ['verify-image', IMAGE, '--json'])).toMatchObject({ exitCode: 0, output: expect.stringContaining(made[IMAGE] ?? '-') as unknown });
  });

  it('is a hit after an unrelated npm change, a miss after one of our version', () => {
    const text = laptop.read('package-lock.json');
    const withOther = (name: string): string => {
      const lock = JSON.parse(text) as { packages: Record<string, object> };
      const path = `node_modules/${name}`;
      return JSON.stringify({ ...lock, packages: { ...lock.packages, [path]: { ...lock.packages[path], version: '0.0.1', integrity: `sha512-${'A'.repeat(86)}==` } } });
    };
    try {
      laptop.write({ 'package-lock.json': withOther('another-package') });
      expect(download(withoutBuilding).task('prover:package-vm')).toBe('hit');
      laptop.write({ 'package-lock.json': withOther('package-vm') });
      expect(download().task('prover:package-vm')).toBe('miss');
      expect(laptop.digests('dist')).toEqual(made);
    } finally {
      laptop.write({ 'package-lock.json': text });
    }
  });

  const flip = (bytes: Buffer, place: number): Buffer => {
    const copy = Buffer.from(bytes);
    copy.writeUInt8(copy.readUInt8(place) ^ 1, place);
    return copy;
  };
  /** Another archive without any mark of damage, as somebody who can write to the server would make it. */
  const poison = (archive: string): void => {
    const tar = gunzipSync(readFileSync(archive));
    writeFileSync(archive, gzipSync(flip(tar, tar.length >> 1)));
  };

  it.each<{ fault: string; make: () => Readonly<Record<string, string>> | undefined; says: string }>([
    { fault: 'an image with other bytes', make: () => { poison(archiveOf('image')); return undefined; }, says: 'PVM_IMAGE_DAMAGED' },
    { fault: 'a bundle with other bytes', make: () => { poison(archiveOf('bundle')); return undefined; }, says: 'PVM_FILE_CHANGED' },
    { fault: 'half an archive', make: () => { const path = archiveOf('image'); writeFileSync(path, readFileSync(path).subarray(0, 100_000)); return undefined; }, says: 'Failed to' },
    { fault: 'nothing', make: () => { writeFileSync(archiveOf('image'), ''); return undefined; }, says: 'Failed to' },
    { fault: 'half and then no more', make: () => { server.misbehave('cut'); return undefined; }, says: 'Failed to read remote cache response body' },
    { fault: '500', make: () => { server.misbehave('status 500'); return undefined; }, says: '500' },
    { fault: '401', make: () => ({ NX_SELF_HOSTED_REMOTE_CACHE_ACCESS_TOKEN: 'another' }), says: 'Wrong token' },
  ])('fails and leaves no image when the server gives $fault', ({ make, says }) => {
    const run = download(make());
    expect({ exitCode: run.exitCode, hasImage: hasImage() }).toEqual({ exitCode: 1, hasImage: false });
    expect(run.output).toContain(says);
  });

  it('is waited for when it is slow', () => {
    server.misbehave('slow 1000');
    expect(download(withoutBuilding).failure).toBe('');
    expect(laptop.digests('dist')).toEqual(made);
  });

  it('never gives an image with a flipped bit, wherever in the archive', () => {
    const archive = archiveOf('image');
    const bytes = readFileSync(archive);
    const outcomes = [0.2, 0.5, 0.95].map((part) => {
      writeFileSync(archive, flip(bytes, Math.floor(bytes.length * part)));
      const { exitCode } = download();
      return exitCode === 0 ? laptop.digests('dist')[IMAGE] === made[IMAGE] : !hasImage();
    });
    expect(outcomes).toEqual([true, true, true]);
  });

  it('is cleaned up after as the hint says', () => {
    const archive = archiveOf('image');
    poison(archive);
    const { output } = download();
    expect(output).toContain(`Delete \`${basename(archive)}\` on the cache server if you have one, then \`nx reset\` here`);
    // what Nx took over from the server is in the local cache now
    expect(laptop.nx('run prover:package-vm')).toMatchObject({ exitCode: 1, output: expect.stringContaining('from the local cache is damaged') as unknown });
    rmSync(archive);
    laptop.nx('reset');
    expect(laptop.nx('run prover:package-vm', server.env).failure).toBe('');
    expect(laptop.digests('dist')).toEqual(made);
    expect(server.keys()).toContain(basename(archive));
  });

  it('is not trusted where Nx has forgotten the files and not the hit', () => {
    expect(download().failure).toBe('');
    for (const path of ['.nx/cache', 'dist']) rmSync(join(laptop.root, path), { recursive: true });
    // to Nx 23 that is a hit without files, to Nx 24 a miss
    const run = laptop.nx('run prover:package-vm');
    if (run.exitCode === 0) expect(laptop.digests('dist')).toEqual(made);
    else expect(run.output).toContain('There is no bundle in');
  });

  it('is refused a damaged image before that is rehearsed', () => {
    poison(archiveOf('image'));
    for (const path of ['.nx', 'dist']) rmSync(join(laptop.root, path), { recursive: true, force: true });
    const run = laptop.nx('run prover:rehearse-vm', server.env);
    expect(run).toMatchObject({ exitCode: 1, output: expect.not.stringContaining('The program ended') as unknown });
    expect(hasImage()).toBe(false);
  });

  it('serves the workflow of docs/ci.md, whose commands run as they are written', () => {
    const page = readFileSync(join(import.meta.dirname, '../docs/ci.md'), 'utf8');
    const workflow = parse(/```yaml\n([^]*?)```/.exec(page)?.[1] ?? '') as { env: Record<string, string>; jobs: { images: { steps: readonly { name?: string; run?: string }[] } } };
    const commands = workflow.jobs.images.steps.filter(({ run, name }) => run !== undefined && name !== 'Install');
    ci.write({ 'crates/prover/src/main.rs': FILES['crates/prover/src/main.rs'].replace('proved', 'proved again') });
    ci.git('commit', '-qam', 'change');
    const env = { ...server.env, NX_BASE: 'HEAD~1', NX_HEAD: 'HEAD', NX_CACHE_DIRECTORY: workflow.env.NX_CACHE_DIRECTORY ?? '', GITHUB_STEP_SUMMARY: 'summary.txt' };
    for (const { run = '' } of commands) expect(ci.run('bash', ['-euo', 'pipefail', '-c', run], env)).toMatchObject({ exitCode: 0 });
    expect(ci.read('summary.txt')).toMatch(/^[0-9a-f]{64} {2}dist\/package-vm\/crates\/prover\/prover\/image\/prover\.img$[^]*\ttotal$/m);
    expect(server.keys().length).toBe(sound.size + 2);
  });
});
