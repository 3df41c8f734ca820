import { type Finding, type Manifest } from '@package-vm/manifest';
import { posix } from 'node:path';
import { bootFiles } from './boot-files.js';
import { checkTree } from './check-tree.js';
import { type PlanOptions } from './plan-options.js';
import { type Plan } from './plan.js';
import { planTree } from './plan-tree.js';
import { rootAttributes } from './root-attributes.js';
import { volumeFindings, volumeSizeBytes } from './volume-size.js';

/** Free space for a guest that may write to its root: log extensions (at least 2 × 512 KiB before its first data write) and some data. */
const WRITABLE_ROOT_FREE_BYTES = 16 * 1024 * 1024;

/**
 * Decides everything that will be in an image. Reads the files that the manifest names, to know their digests; problems are
 * findings of the plan, all at once.
 *
 * @throws PVM_CANCELLED, PVM_NO_FILE when a file goes away meanwhile
 */
export async function makePlan(options: PlanOptions): Promise<Plan> {
  const { manifest, bundle, release, platform } = options;
  const programPath = guestProgramPath(manifest, bundle.name);
  const tree = await planTree(options, programPath);
  const boot = bootFiles(options);
  const findings: readonly Finding[] = [...volumeFindings(options), ...tree.findings, ...boot.findings, ...checkTree(options, { ...tree, programPath })];
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
    minimumImageBytes: volumeSizeBytes(manifest),
    findings,
  };
}

/** As ops: `Program` is the path inside the image too, from its root (ops fs/manifest.go, AddUserProgram). */
function guestProgramPath(manifest: Manifest, name: string): string {
  return posix.join('/', manifest.Program ?? name);
}
