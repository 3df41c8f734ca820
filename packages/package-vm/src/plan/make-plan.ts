import { type Finding, type Manifest } from '@package-vm/manifest';
import { IMAGE_MAX_BYTES } from '@package-vm/disk-image';
import { PackageVmError } from '@package-vm/errors';
import { posix } from 'node:path';
import { bootFiles } from './boot-files.js';
import { checkTree } from './check-tree.js';
import { type PlanOptions } from './plan-options.js';
import { type Plan } from './plan.js';
import { planTree } from './plan-tree.js';
import { rootAttributes } from './root-attributes.js';

/** Free space for a guest that may write to its root: log extensions (at least 2 × 512 KiB before its first data write) and some data. */
const WRITABLE_ROOT_FREE_BYTES = 16 * 1024 * 1024;

/**
 * Decides everything that will be in an image. Reads the files that the manifest names, to know their digests; problems are
 * findings of the plan, all at once.
 *
 * @throws PVM_IMAGE_TOO_LARGE, PVM_CANCELLED, PVM_NO_FILE when a file goes away meanwhile
 */
export async function makePlan(options: PlanOptions): Promise<Plan> {
  const { manifest, bundle, release, platform } = options;
  const programPath = guestProgramPath(manifest, bundle.name);
  const tree = await planTree(options, programPath);
  const boot = bootFiles(options);
  const findings: readonly Finding[] = [...tree.findings, ...boot.findings, ...checkTree(options, { ...tree, programPath })];
  return {
    program: bundle.name,
    platform,
    nanosVersion: release.version,
    isPlaceholder: release.isPlaceholder,
    entries: tree.entries,
    attributes: rootAttributes({
      manifest,
      platform,
      programPath,
      programName: manifest.Program ?? bundle.name,
      imageName: bundle.name,
      nanosVersion: release.version,
      hasKlibs: boot.hasKlibs,
    }),
    bootLoader: boot.bootLoader,
    bootFiles: boot.files,
    freeBytes: manifest.ManifestPassthrough?.readonly_rootfs === undefined ? WRITABLE_ROOT_FREE_BYTES : 0,
    minimumImageBytes: parseSize(manifest.BaseVolumeSz),
    findings,
  };
}

/** As ops: `Program` is the path inside the image too, from its root (ops fs/manifest.go, AddUserProgram). */
function guestProgramPath(manifest: Manifest, name: string): string {
  return posix.join('/', manifest.Program ?? name);
}

/** `BaseVolumeSz`: the least size of the whole image (ops fs/mkfs.go, SetFileSystemSize). The manifest's check refuses anything else. */
function parseSize(text: string | undefined): number {
  const match = /^(\d+)([kmg]?)$/i.exec(text ?? '0');
  if (match === null) throw new TypeError(`\`${String(text)}\` is no size`);
  const sizeBytes = Number(match[1]) * 1024 ** ['', 'k', 'm', 'g'].indexOf((match[2] ?? '').toLowerCase());
  if (sizeBytes <= IMAGE_MAX_BYTES) return sizeBytes;
  throw new PackageVmError('PVM_IMAGE_TOO_LARGE', `\`BaseVolumeSz\` is \`${String(text)}\`, but an image has at most ${IMAGE_MAX_BYTES} bytes`, { hint: 'Give a smaller size.' });
}
