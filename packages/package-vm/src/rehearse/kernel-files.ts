import { lstatSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { errorCodeOf } from '@package-vm/errors';
import { type ProgramFacts } from '../inspect/program-facts.js';

export interface KernelFileFacts extends Pick<ProgramFacts, 'program' | 'isReadonlyRoot' | 'share'> {
  readonly cpus: number;
  readonly memoryMiB: number;
}

/**
 * The special files of Nanos (src/unix/special.c) by path. The devices and the memory map are empty: the init binds the host's
 * over them. There is nothing else in `/dev`, `/proc` and `/sys` but what the image brings.
 */
export function kernelFiles({ cpus, memoryMiB, isReadonlyRoot, share }: KernelFileFacts): ReadonlyMap<string, string> {
  const kib = String(memoryMiB * 1024).padStart(9);
  const zero = '0'.padStart(9);
  const meminfo = [
    `MemTotal:     ${kib} kB`, `MemFree:      ${kib} kB`, `MemAvailable: ${kib} kB`, `Buffers:      ${zero} kB`,
    `SwapTotal:    ${zero} kB`, `SwapFree:     ${zero} kB`, `Cached:       ${zero} kB`,
  ];
  const mounts = [`root / tfs ${isReadonlyRoot ? 'ro' : 'rw'} 0 0`];
  if (share !== undefined) mounts.push(`virtfs0 ${share.mountPoint} tfs ${share.isReadonly ? 'ro' : 'rw'} 0 0`);
  return new Map([
    ['/dev/null', ''],
    ['/dev/urandom', ''],
    ['/proc/meminfo', lines(meminfo)],
    ['/proc/mounts', lines(mounts)],
    ['/proc/self/maps', ''],
    ['/sys/devices/system/cpu/online', `0-${String(cpus - 1)}\n`],
  ]);
}

/** Empty, and the only one, however many CPUs there are. */
const CPU_FOLDER = '/sys/devices/system/cpu/cpu0';

/**
 * Puts the kernel's files into an extracted tree, and `/proc/self/exe` when the image has none. Gives the first path that the
 * image has already: Nanos ends in an assertion there.
 */
export function writeKernelFiles(root: string, facts: KernelFileFacts): string | undefined {
  for (const [path, content] of kernelFiles(facts)) {
    if (!makeFolders(root, dirname(path)) || exists(join(root, path))) return path;
    writeFileSync(join(root, path), content, { flag: 'wx', mode: 0o444 });
  }
  makeFolders(root, CPU_FOLDER);
  if (!exists(join(root, '/proc/self/exe'))) symlinkSync(facts.program, join(root, '/proc/self/exe'));
  return undefined;
}

/** Folders only, never through a link of the image. */
function makeFolders(root: string, folder: string): boolean {
  let current = root;
  for (const part of folder.split('/').slice(1)) {
    current = join(current, part);
    if (!exists(current)) mkdirSync(current, { mode: 0o777 });
    else if (!lstatSync(current).isDirectory()) return false;
  }
  return true;
}

function exists(path: string): boolean {
  try {
    lstatSync(path);
    return true;
  } catch (error) {
    if (errorCodeOf(error) === 'ENOENT') return false;
    throw error;
  }
}

function lines(texts: readonly string[]): string {
  return texts.map((text) => `${text}\n`).join('');
}
