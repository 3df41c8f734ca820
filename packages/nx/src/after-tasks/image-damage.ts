import { statedDigest } from 'package-vm/light';
import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import { digestLines } from '../fingerprint/digests.js';
import { FileDigests } from '../fingerprint/file-digests.js';
import { workspaceDataFolder } from '../plugin/workspace-data.js';

/**
 * How an image is not what its result file says, as a sentence; undefined when it is. The digest is remembered in Nx's workspace
 * data folder: an image that is as it was is not read again.
 */
export function imageDamage(workspaceRoot: string, imagePath: string): string | undefined {
  const path = relative(workspaceRoot, imagePath);
  if (!existsSync(imagePath)) return `There is no image \`${path}\``;
  const expected = statedDigest(imagePath);
  if (expected === undefined) return `There is no sound result file \`${path}.json\``;
  const digests = new FileDigests(join(workspaceDataFolder(workspaceRoot), `package-vm-${digestLines(['image', path]).slice(0, 16)}.json`));
  const found = digests.of(imagePath) ?? '';
  digests.save();
  return found === expected ? undefined : `\`${path}\` has the digest ${found}, its result file says ${expected}`;
}
