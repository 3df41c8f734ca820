import { PackageVmError } from '@package-vm/errors';
import { rmSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { judgeOutput } from './judge-output.js';
import { withOpsHome } from './ops-home.js';
import { type OpsImage } from './ops-image.js';
import { type OpsIdentity, identifyOps } from './ops-version.js';
import { runOps, shellLine } from './run-ops.js';
import { IMAGE_NAME, stageImage } from './stage-image.js';

export interface OpsBuild {
  /** Absolute path of ops; see `findOps`. */
  readonly program: string;
  readonly image: OpsImage;
  /** Where ops writes the image, absolute; what is there is overwritten. */
  readonly imagePath: string;
  /** Default: half an hour. */
  readonly timeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Where the private home is made; default: the system's. */
  readonly temporaryFolder?: string | undefined;
  /** Called with the command as a line for a shell. With it the staged folder is kept for a day, so that the line can be run by hand. */
  readonly onCommand?: ((line: string) => void) | undefined;
}

export interface OpsOutcome {
  readonly ops: OpsIdentity;
  /** Lines of ops's output that are neither expected nor a failure. */
  readonly warnings: readonly string[];
}

const TIMEOUT_MS = 30 * 60 * 1000;

/**
 * Makes an image with a real `ops build`, in a private home without network. Nothing of the user's configuration gets in and nothing is left
 * behind; several at once do not meet.
 *
 * @throws PVM_OPS_TOO_OLD, PVM_OPS_UNSUPPORTED, PVM_OPS_FAILED, PVM_OPS_MISSING_KLIB, PVM_OPS_MISSING_KERNEL, PVM_MISSING_TOOL,
 * PVM_PROGRAM_TIMED_OUT, PVM_CANCELLED
 */
export async function buildWithOps({ program, image, imagePath, timeoutMs = TIMEOUT_MS, signal, temporaryFolder, onCommand }: OpsBuild): Promise<OpsOutcome> {
  return withOpsHome({ version: image.release.version, keep: onCommand !== undefined, temporaryFolder }, async (home) => {
    const ops = await identifyOps(program, { signal });
    const { args } = stageImage(image, home);
    // written where it belongs at once: no copy, whatever file system the home is on
    const link = join(home.dotOps, 'images', IMAGE_NAME);
    symlinkSync(imagePath, link);
    const call = { program, args, home };
    onCommand?.(shellLine(call));
    // by hand it is to be written into the kept folder
    const result = await runOps({ ...call, timeoutMs, signal }).finally(() => { rmSync(link); });
    const warnings = judgeOutput(result);
    if ((statSync(imagePath, { throwIfNoEntry: false })?.size ?? 0) === 0) throw new PackageVmError('PVM_OPS_FAILED', '`ops build` named an image but wrote none');
    return { ops, warnings };
  });
}
