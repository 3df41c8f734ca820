import type { ExecutorContext } from '@nx/devkit';
import { rmSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { fromRoot, isOutside } from '../../plugin/filesets.js';
import { defaultOutput, projectFolder } from '../project-folder.js';
import { runOperation } from '../run-operation.js';
import { showFindings } from '../show-findings.js';
import { refuseUnhashedFiles } from './unhashed-files.js';

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
    const { imagePath, resultPath, plan, findings } = await buildImage({
      project,
      bundle,
      release: {
        version: options.nanosVersion,
        nanosDir: options.nanosDir === undefined ? undefined : resolve(root, options.nanosDir),
        lockFile: findLockFile(root),
        offline: options.offline,
      },
      outputPath: join(root, options.outputPath ?? join(output, 'image'), `${bundle.name}.img`),
      signal,
    });
    const packed = plan.entries.flatMap((entry) => (entry.kind === 'file' && 'hostPath' in entry.content ? [entry.content.hostPath] : []));
    const named = packed.filter((path) => !isInside(bundleFolder, path));
    await refuseUnhashedFiles(root, [project.manifestPath, ...named]).catch((error: unknown) => {
      for (const path of [imagePath, resultPath]) rmSync(path, { force: true });
      throw error;
    });
    await showFindings(findings, { withNotes: false });
    console.log(`Bootable image file:${relative(root, imagePath)}`);
    return true;
  });
}

export default packageVm;

function isInside(folder: string, path: string): boolean {
  return !isOutside(fromRoot(folder, path));
}
