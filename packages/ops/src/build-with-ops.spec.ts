import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildWithOps } from './build-with-ops.js';
import { type OpsImage } from './ops-image.js';
import { goodBuild, standInOps } from './testing/stand-in-ops.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ops-spec-'));
  writeFileSync(join(folder, 'program'), 'a program');
  mkdirSync(join(folder, 'tmp'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const image = (changes: Partial<OpsImage> = {}): OpsImage => ({
  manifest: {},
  program: 'my_prover',
  imageName: 'my_prover',
  mounts: {},
  entries: [{ kind: 'file', path: '/my_prover', content: { hostPath: join(folder, 'program') } }],
  minimumImageBytes: 0,
  release: { version: '0.1.54', files: [] },
  ...changes,
});

const build = (script: string, options: Partial<Parameters<typeof buildWithOps>[0]> = {}): ReturnType<typeof buildWithOps> =>
  buildWithOps({ program: standInOps(folder, { build: script }), image: image(), imagePath: join(folder, 'out.img'), temporaryFolder: join(folder, 'tmp'), ...options });

/** What is left in the temporary folder. */
const left = (): readonly string[] => readdirSync(join(folder, 'tmp'));

describe('buildWithOps', () => {
  it('gives the version, and the image where it is wanted', async () => {
    await expect(build(goodBuild)).resolves.toEqual({ ops: { program: join(folder, 'ops'), version: '0.1.46' }, warnings: [] });
    expect(readFileSync(join(folder, 'out.img'), 'utf8')).toBe('an image');
    expect(left()).toEqual([]);
  });

  it('passes nothing of this environment', async () => {
    const seen = join(folder, 'seen');
    await build(`/usr/bin/env | /usr/bin/sort > '${seen}'; cat ../home/defaults.json >> '${seen}'; ${goodBuild}`);
    const variables = readFileSync(seen, 'utf8').split('\n').filter((line) => !/^(PWD|OLDPWD|SHLVL|_)=/.test(line));
    expect(variables).toEqual([
      'HOME=../home',
      'HTTPS_PROXY=http://127.0.0.1:0',
      'HTTP_PROXY=http://127.0.0.1:0',
      'OPS_DEFAULT_CONFIG=../home/defaults.json',
      'OPS_HOME=../home',
      'TMPDIR=../tmp',
      '{}',
    ]);
  });

  it('hands on what else ops says, without its colours', async () => {
    const said = `printf '\\033[1;33mwarning: something\\033[0m\\n'; echo on stderr >&2; echo 'warning: overwriting existing file "/a" hostpath old: b new: "c"'; ${goodBuild}`;
    await expect(build(said)).resolves.toMatchObject({ warnings: ['warning: something', 'on stderr'] });
  });

  it.each([
    {
      reason: 'a missing klib, although it ends with 0',
      script: `echo 'Klib "ntp" not found in directory "../home/.ops/0.1.54/klibs"'; ${goodBuild}`,
      code: 'PVM_OPS_MISSING_KLIB',
      message: '`ops build` did not find the klib `ntp`',
    },
    {
      reason: 'a missing kernel, although it ends with 0',
      script: `echo 'file "../home/.ops/0.1.54/kernel.img" is missing: stat: no such file'; ${goodBuild}`,
      code: 'PVM_OPS_MISSING_KERNEL',
      message: 'the kernel `../home/.ops/0.1.54/kernel.img`',
    },
    {
      reason: 'a missing kernel',
      script: `echo 'error: ../home/.ops/0.1.54/kernel.img: stat ../home/.ops/0.1.54/kernel.img: no such file or directory' >&2; exit 1`,
      code: 'PVM_OPS_MISSING_KERNEL',
      message: 'did not find the kernel',
    },
    {
      reason: 'another exit code, with its words',
      script: `printf '\\033[1;31mfailed building manifest: file "a" is missing\\033[0m\\n' >&2; exit 1`,
      code: 'PVM_OPS_FAILED',
      message: '`ops build` ended with exit code 1:\nfailed building manifest: file "a" is missing',
    },
    {
      reason: 'a crash, with its beginning',
      script: `echo 'panic: runtime error: slice bounds out of range' >&2; i=0; while [ $i -lt 100 ]; do echo "main.go:$i +0x1d" >&2; i=$((i+1)); done; exit 2`,
      code: 'PVM_OPS_FAILED',
      message: 'exit code 2:\npanic: runtime error: slice bounds out of range\nmain.go:0',
    },
    { reason: 'a signal', script: 'kill -KILL $$', code: 'PVM_OPS_FAILED', message: '`ops build` was ended by SIGKILL' },
    { reason: 'no word about an image', script: 'exit 0', code: 'PVM_OPS_FAILED', message: '`ops build` ended without naming an image' },
    { reason: 'no image', script: `echo 'Bootable image file:../home/.ops/images/image'`, code: 'PVM_OPS_FAILED', message: 'named an image but wrote none' },
    {
      reason: 'a missing klib, said before megabytes of output',
      script: `echo 'Klib "ntp" not found in directory "x"'; head -c 5000000 /dev/zero | tr "\\\\0" x; echo; ${goodBuild}`,
      code: 'PVM_OPS_MISSING_KLIB',
      message: 'the klib `ntp`',
    },
    { reason: 'megabytes of output', script: 'head -c 5000000 /dev/zero | tr "\\\\0" x; echo; echo the end; exit 1', code: 'PVM_OPS_FAILED', message: 'the end' },
  ])('fails with $reason', async ({ script, code, message }) => {
    await expect(build(script)).rejects.toMatchObject({ code, message: expect.stringContaining(message) as unknown });
    expect(left()).toEqual([]);
  });

  it.each([
    { reason: 'the time limit', options: () => ({ timeoutMs: 500 }), code: 'PVM_PROGRAM_TIMED_OUT' },
    { reason: 'a request', options: () => ({ signal: AbortSignal.timeout(1000) }), code: 'PVM_CANCELLED' },
  ])('ends ops and its children on $reason, and cleans up', async ({ options, code }) => {
    const pidFile = join(folder, 'pid');
    await expect(build(`sleep 60 & echo $! > '${pidFile}'; wait`, options())).rejects.toMatchObject({ code });
    const pid = readFileSync(pidFile, 'utf8').trim();
    // a killed process that nobody waited for may stay as a zombie
    const stat = existsSync(`/proc/${pid}/stat`) ? readFileSync(`/proc/${pid}/stat`, 'utf8') : ') Z ';
    expect(stat).toContain(') Z ');
    expect(left()).toEqual([]);
  });

  it('keeps ten builds at once apart', async () => {
    const program = standInOps(folder, { build: `sleep 0.2; cat ../manifest/vm.json > ../home/.ops/images/image; echo 'Bootable image file:x'` });
    const names = Array.from({ length: 10 }, (_, index) => `prover_${index}`);
    await Promise.all(names.map((name) => buildWithOps({ program, image: image({ imageName: name }), imagePath: join(folder, name), temporaryFolder: join(folder, 'tmp') })));
    const made = names.map((name) => (JSON.parse(readFileSync(join(folder, name), 'utf8')) as { Env: { IMAGE_NAME: string } }).Env.IMAGE_NAME);
    expect(made).toEqual(names);
    expect(left()).toEqual([]);
  });

  it('shows the command and keeps what it needs to be run by hand', async () => {
    const lines: string[] = [];
    await build(goodBuild, { onCommand: (line) => lines.push(line) });
    const { execFileSync } = await import('node:child_process');
    const stdout = execFileSync('/bin/sh', ['-c', lines[0] ?? ''], { encoding: 'utf8' });
    expect(stdout).toContain('Bootable image file:../home/.ops/images/image');
    const [kept = ''] = left();
    expect(readFileSync(join(folder, 'tmp', kept, 'home/.ops/images/image'), 'utf8')).toBe('an image');
  });

  it('lets a command that failed be run by hand without touching the place of the image', async () => {
    await expect(build('exit 1', { onCommand: () => undefined })).rejects.toMatchObject({ code: 'PVM_OPS_FAILED' });
    const [kept = ''] = left();
    expect(readdirSync(join(folder, 'tmp', kept, 'home/.ops/images'))).toEqual([]);
  });

  it.each([
    { version: '0.1.41', code: 'PVM_OPS_TOO_OLD' },
    { version: '0.0.99', code: 'PVM_OPS_TOO_OLD' },
  ])('refuses ops $version', async ({ version, code }) => {
    const program = standInOps(folder, { version });
    await expect(buildWithOps({ program, image: image(), imagePath: join(folder, 'out.img'), temporaryFolder: join(folder, 'tmp') })).rejects.toMatchObject({
      code,
      message: `\`${program}\` is ops ${version}, but 0.1.42 or later is needed`,
      hint: expect.stringContaining('curl https://ops.city/get.sh -sSfL | sh') as unknown,
    });
    expect(existsSync(join(folder, 'out.img'))).toBe(false);
    expect(left()).toEqual([]);
  });
});
