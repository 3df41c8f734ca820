import type { ExecutorContext } from '@nx/devkit';
import { PackageVmError } from '@package-vm/errors';
import { rmSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import type { BuiltImage } from 'package-vm';
import { fromRoot, isOutside } from '../../plugin/workspace-path.js';
import { defaultOutput, projectFolder } from '../project-folder.js';
import { runOperation } from '../run-operation.js';
import { showFindings } from '../show-findings.js';
import { refuseUnhashedFiles } from '../refuse-unhashed-files.js';

/** The options of `@package-vm/nx:package-vm`; see schema.json. */
export interface PackageVmOptions {
  readonly program?: string;
  readonly manifest?: string;
  readonly bundle?: string;
  readonly outputPath?: string;
  readonly engine?: 'builtin';
  readonly platform?: 'gevulot' | 'nanos';
  readonly nanosVersion?: string;
  readonly nanosDir?: string;
  readonly offline?: boolean;
}

/** Packages the project's bundle as an image. The last line names it relative to the Nx workspace, since Nx replays the line in other clones. */
export function packageVm(options: PackageVmOptions, context: ExecutorContext): Promise<{ success: boolean }> {
  return runOperation(async ({ signal }) => {
    const { root } = context;
    const { buildImage, findLockFile, readBundle, readProject } = await import('package-vm');
    const output = defaultOutput(context, options.program);
    const bundleFolder = join(root, options.bundle ?? join(output, 'bundle'));
    const bundle = await readBundle(bundleFolder);
    const folder = projectFolder(context);
    const project = readProject({
      folder,
      program: bundle.name,
      manifestPath: options.manifest === undefined ? undefined : join(root, options.manifest),
      platform: options.platform,
      workspaceRoot: root,
    });
    const built = await buildImage({
      project,
      bundle,
      release: {
        version: options.nanosVersion,
        nanosDir: options.nanosDir === undefined ? undefined : resolve(root, options.nanosDir),
        lockFile: findLockFile(dirname(project.manifestPath)),
        offline: options.offline,
      },
      outputPath: join(root, options.outputPath ?? join(output, 'image'), `${bundle.name}.img`),
      signal,
    });
    await showFindings(built.findings, { withNotes: false });
    await refuseUnseenInputs(built, { root, bundleFolder, manifestPath: project.manifestPath });
    console.log(`Bootable image file:${relative(root, built.imagePath)}`);
    return true;
  });
}

export default packageVm;

/** Removes an image again that depends on something which is not in its Nx task's hash: the next change would not be seen. */
async function refuseUnseenInputs({ plan, findings, imagePath, resultPath }: BuiltImage, { root, bundleFolder, manifestPath }: InputPlaces): Promise<void> {
  try {
    const unlocked = findings.find(({ code }) => code === 'nanos-not-locked');
    if (unlocked !== undefined) throw new PackageVmError('PVM_NANOS_NOT_LOCKED', `${unlocked.message}, and Nx does not see a change of them`, { hint: unlocked.hint });
    const packed = plan.entries.flatMap((entry) => (entry.kind === 'file' && 'hostPath' in entry.content ? [entry.content.hostPath] : []));
    await refuseUnhashedFiles(root, [manifestPath, ...packed.filter((path) => isOutside(fromRoot(bundleFolder, path)))]);
  } catch (error) {
    for (const path of [imagePath, resultPath]) rmSync(path, { force: true });
    throw error;
  }
}

interface InputPlaces {
  readonly root: string;
  readonly bundleFolder: string;
  readonly manifestPath: string;
}
