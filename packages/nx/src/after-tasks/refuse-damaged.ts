import type { PostTasksExecutionContext } from '@nx/devkit';
import { PackageVmError, errorMessageOf } from '@package-vm/errors';
import { existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { imageDamage } from './image-damage.js';

type TaskResult = PostTasksExecutionContext['taskResults'][string];

interface Damage {
  readonly code: 'PVM_IMAGE_DAMAGED' | 'PVM_BAD_BUNDLE';
  readonly message: string;
}

/**
 * Refuses what came from a cache and is not what was put there. Nx checks neither the digest of an archive nor the checksum that
 * gzip keeps, and runs nothing of ours for a hit: one flipped bit in an archive would be another image, a store that was emptied
 * none at all. What is damaged is removed.
 *
 * @throws PVM_IMAGE_DAMAGED, PVM_BAD_BUNDLE
 */
export async function refuseDamaged({ taskResults, workspaceRoot }: Pick<PostTasksExecutionContext, 'taskResults' | 'workspaceRoot'>): Promise<void> {
  const found: (Damage & { readonly key: string })[] = [];
  for (const [id, { status, task }] of Object.entries(taskResults)) {
    if (!status.includes('cache')) continue;
    for (const output of task.outputs) {
      const damage = await damageOf(output, status, workspaceRoot);
      if (damage === undefined) continue;
      rmSync(join(workspaceRoot, output), { recursive: true, force: true });
      const message = `What \`${id}\` has from the ${status === 'remote-cache' ? 'remote' : 'local'} cache is damaged, and removed: ${damage.message}`;
      found.push({ code: damage.code, message, key: task.hash ?? '' });
    }
  }
  const [first] = found;
  if (first === undefined) return;
  throw new PackageVmError(first.code, found.map(({ message }) => message).join('\n'), {
    hint: `Delete ${found.map(({ key }) => `\`${key}\``).join(', ')} on the cache server if you have one, then \`nx reset\` here. To build past all caches: \`--skip-nx-cache\`.`,
  });
}

/** Refuses an image before it is run: Nx calls the plugin only after all its tasks. An image without a result file is somebody else's. @throws PVM_IMAGE_DAMAGED */
export function refuseDamagedImage(workspaceRoot: string, imagePath: string): void {
  const message = existsSync(`${imagePath}.json`) ? imageDamage(workspaceRoot, imagePath) : undefined;
  if (message !== undefined) throw new PackageVmError('PVM_IMAGE_DAMAGED', message, { hint: 'Run `nx reset` and package it again.' });
}

/** Outputs elsewhere, of targets in a `project.json`, are recognised by what is in them. */
async function damageOf(output: string, status: TaskResult['status'], root: string): Promise<Damage | undefined> {
  const [, expected] = /^dist\/package-vm\/.+\/(image|bundle)$/.exec(output) ?? [];
  const folder = join(root, output);
  const names = filesOf(folder);
  const image = names.find((name) => /\.img(\.json)?$/.test(name))?.replace(/\.json$/, '');
  if (expected === 'image' || (image !== undefined && names.includes(`${image}.json`))) {
    const message = image === undefined ? `There is no image in \`${output}\`` : imageDamage(root, join(folder, image));
    return message === undefined ? undefined : { code: 'PVM_IMAGE_DAMAGED', message };
  }
  const hasBundle = names.includes('bundle.json');
  if (expected === 'bundle' && !hasBundle) return { code: 'PVM_BAD_BUNDLE', message: `There is no bundle in \`${output}\`` };
  // the making of an image compares every file of the bundle; once is enough for a program that is used by itself
  if (!hasBundle || status !== 'remote-cache') return undefined;
  const { readBundle } = await import('package-vm');
  return readBundle(folder, { verify: true }).then(
    () => undefined,
    (error: unknown) => ({ code: 'PVM_BAD_BUNDLE', message: errorMessageOf(error) }),
  );
}

/** The files in an output, which may itself be a file or not be there. */
function filesOf(path: string): readonly string[] {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) return [];
  return readdirSync(path, { withFileTypes: true }).flatMap((entry) => (entry.isFile() ? [entry.name] : []));
}
