import { totalmem } from 'node:os';
import { basename } from 'node:path';
import { PackageVmError } from '@package-vm/errors';
import { readResources } from '../inspect/read-resources.js';
import { type RunOptions } from '../task/run-options.js';

const MIB = 1024 * 1024;

/** What a VM is given. */
export interface VmResources {
  readonly cpus: number;
  readonly memoryMiB: number;
  /** Where the numbers come from, where that is the image's result file; for a message. */
  readonly cpusFrom?: string | undefined;
  readonly memoryFrom?: string | undefined;
}

/** What is asked for, else what the settings say, else what a node gives. */
export function vmResources({ imagePath, cpus, memoryMiB }: Pick<RunOptions, 'imagePath' | 'cpus' | 'memoryMiB'>): VmResources {
  const settings = readResources(imagePath);
  const from = (option: number | undefined, setting: number | undefined): string | undefined => (option === undefined && setting !== undefined ? `, as the settings in \`${basename(imagePath)}.json\` say` : undefined);
  return {
    cpus: cpus ?? settings.cpus ?? 2,
    memoryMiB: memoryMiB ?? settings.memoryMiB ?? 2048,
    cpusFrom: from(cpus, settings.cpus),
    memoryFrom: from(memoryMiB, settings.memoryMiB),
  };
}

/** What this machine has, or the container that we are in. */
export function availableMemory(): number {
  // 0 where nothing is known, and a number beyond all machines where nothing is limited
  const constrained = process.constrainedMemory();
  return constrained > 0 ? Math.min(constrained, totalmem()) : totalmem();
}

/** @throws PVM_NOT_ENOUGH_MEMORY */
export function requireMemory({ memoryMiB, memoryFrom = '' }: Pick<VmResources, 'memoryMiB' | 'memoryFrom'>, availableBytes: number): void {
  if (memoryMiB * MIB <= availableBytes) return;
  throw new PackageVmError('PVM_NOT_ENOUGH_MEMORY', `The VM wants ${memoryMiB} MiB of memory${memoryFrom}, this machine or container has ${Math.floor(availableBytes / MIB)} MiB`, {
    hint: 'Give it less with `--memory`, or run it on a larger machine.',
  });
}
