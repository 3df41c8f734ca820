import type { ExecutorContext } from '@nx/devkit';
import { join } from 'node:path';
import { projectFolder } from '../project-folder.js';
import { runOperation } from '../run-operation.js';
import { showFindings } from '../show-findings.js';

/** The options of `@package-vm/nx:check-manifest`; see schema.json. */
export interface CheckManifestOptions {
  readonly program?: string;
  readonly variant?: string;
  readonly manifest?: string;
  readonly platform?: 'gevulot' | 'nanos';
  readonly maxWarnings?: number;
}

/** Prints all findings about a manifest, its settings and the files it names; fails when one is an error, or too many are warnings. */
export function checkManifest({ program, variant, manifest, platform, maxWarnings }: CheckManifestOptions, context: ExecutorContext): Promise<{ success: boolean }> {
  return runOperation(async () => {
    const { checkProject, excessWarnings, hasErrors } = await import('package-vm');
    const manifestPath = manifest === undefined ? undefined : join(context.root, manifest);
    const findings = await checkProject({ folder: projectFolder(context), program, variant, manifestPath, platform, workspaceRoot: context.root });
    await showFindings(findings, { root: context.root });
    if (hasErrors(findings)) return false;
    const excess = excessWarnings(findings, maxWarnings);
    if (excess !== undefined) {
      console.error(excess);
      return false;
    }
    console.log('No errors.');
    return true;
  });
}

export default checkManifest;
