// What the specs of booted images share: a folder of their own, booting and the command line in it, images of the probe.
import { execFileSync, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { type BootOptions, type BootResult, bootImage } from '../../packages/package-vm/src/boot/boot-image.js';
import { digestFile } from '../../packages/package-vm/src/host-files/digest-file.js';
import { type ImageContent, makeImage } from '../probes/make-image.js';

export const repository = join(import.meta.dirname, '../..');
export const COMMAND = join(repository, 'packages/package-vm/dist/cli/main.js');
const PROBE = join(import.meta.dirname, '../probes/probe.c');

const isThere = (tool: string, ...args: string[]): boolean => spawnSync(tool, args.length === 0 ? ['--version'] : args).status === 0;
export const nanos = process.env.PACKAGE_VM_TEST_NANOS_DIR;

// what is missing for each part, or undefined
export const waitsForQemu = isThere('qemu-system-x86_64') ? undefined : 'QEMU: apt-get install qemu-system-x86';
export const waitsForPlaceholder = waitsForQemu ?? (['as', 'x86_64-linux-gnu-as', 'x86_64-elf-as'].some((tool) => isThere(tool)) ? undefined : 'an assembler: apt-get install binutils');
export const waitsForNanos = waitsForQemu ?? (nanos === undefined ? 'a Nanos release: PACKAGE_VM_TEST_NANOS_DIR' : isThere('gcc') ? undefined : 'gcc, with a static C library');
export const waitsForRehearsal = waitsForNanos ?? (isThere('unshare', '--user', '--map-root-user', 'true') ? undefined : 'user namespaces');
export const waitsForCargo = waitsForNanos ?? (isThere('cargo') ? undefined : 'cargo');
export const waitsForOps = waitsForNanos ?? (process.env.PACKAGE_VM_TEST_OPS === undefined ? 'the real ops: PACKAGE_VM_TEST_OPS' : undefined);

/** `describe`, where nothing is missing. */
export function suite(name: string, waitsFor: string | undefined, body: () => void): void {
  if (waitsFor === undefined) describe(name, body);
  else describe.skip(`${name} (waits for ${waitsFor})`, body);
}

// made only where a spec runs: no hook would remove it otherwise
export const folder = join(realpathSync(tmpdir()), `package-vm-run-${randomUUID()}`);
export const at = (...parts: string[]): string => join(folder, ...parts);
export const fresh = (name: string): string => mkdtempSync(at(`${name}-`));
beforeAll(() => {
  mkdirSync(folder);
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

export type Seen = BootResult & { readonly output: string; readonly kernelLines: readonly string[] };

/** Boots emulated: what a machine's KVM can do is another matter. */
export async function boot(imagePath: string, options: Partial<BootOptions> = {}): Promise<Seen> {
  let output = '';
  const kernelLines: string[] = [];
  const result = await bootImage({
    imagePath, accelerator: 'tcg', memoryMiB: 512, timeoutMs: 60_000, cacheFolder: at('cache'), ...options,
    onOutput: (chunk) => (output += Buffer.from(chunk).toString()),
    onKernelLine: (line) => kernelLines.push(line),
  });
  return { ...result, output, kernelLines };
}

export interface CommandRun {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export function command(...args: readonly string[]): CommandRun {
  const env = { ...process.env, PATH: `${at('bin')}:${process.env.PATH ?? ''}` };
  const { status, stdout, stderr } = spawnSync(process.execPath, [COMMAND, ...args], { cwd: folder, encoding: 'utf8', env, timeout: 120_000 });
  return { status, stdout, stderr };
}

/** Command lines of QEMUs that have this text. */
export function qemusWith(text: string): string[] {
  const { stdout } = spawnSync('ps', ['-eo', 'args'], { encoding: 'utf8' });
  return stdout.split('\n').filter((line) => /^\S*qemu-system/.test(line) && line.includes(text));
}

/** Waits for what should come within ten seconds. */
export async function until(condition: () => boolean): Promise<void> {
  for (let tries = 0; !condition() && tries < 400; tries++) await setTimeout(25);
  expect(condition()).toBe(true);
}

/** SHA-256 of a file, which may have more than a gibibyte. */
export function digest(path: string): string {
  return digestFile(path).sha256;
}

const ATTRIBUTES = {
  program: '/probe', readonly_rootfs: 'true', debug_exit: 't',
  mounts: new Map([['%0', '/workspace']]),
  environment: new Map([['NAME', 'wört mit Leerzeichen'], ['NANOS_VERSION', '0.1.54']]),
};

export type ProbeContent = Partial<ImageContent> & { readonly without?: readonly string[] };

/** An image that runs the probe with these arguments on a real Nanos. */
export function probeImage(args: readonly string[], { without = [], ...content }: ProbeContent = {}): string {
  const path = join(fresh('image'), 'probe.img');
  const attributes = Object.entries({ ...ATTRIBUTES, arguments: ['probe', ...args], ...content.attributes }).filter(([name]) => !without.includes(name));
  makeImage(path, {
    files: { '/probe': { hostPath: at('probe') }, '/proc/self/exe': { link: '/probe' }, ...content.files },
    folders: content.folders ?? ['/workspace'],
    attributes: Object.fromEntries(attributes),
    release: nanos,
  });
  return path;
}

export function buildProbes(): void {
  if (existsSync(at('probe'))) return;
  execFileSync('gcc', ['-static', '-O1', '-pthread', '-o', at('probe'), PROBE]);
  execFileSync('gcc', ['-O1', '-pthread', '-o', at('dynamic'), PROBE]);
}
