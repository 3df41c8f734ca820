import type { ExecutorContext } from '@nx/devkit';
import { PackageVmError, isPackageVmError } from '@package-vm/errors';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import type { BuiltImage, Project } from 'package-vm';
import { namedPaths } from '../../plugin/manifest-files.js';
import { holdsOps, opsInput } from '../../plugin/own-version.js';
import { fromRoot, isOutside } from '../../plugin/workspace-path.js';
import { defaultOutput, projectFolder } from '../project-folder.js';
import { runOperation } from '../run-operation.js';
import { showFindings } from '../show-findings.js';
import { showEmptyInputs } from '../empty-folders.js';
import { knownToNx, refuseUnhashedFiles } from '../refuse-unhashed-files.js';
import { targetInputs } from '../target-inputs.js';

/** The options of `@package-vm/nx:package-vm`; see schema.json. */
export interface PackageVmOptions {
  readonly program?: string;
  readonly variant?: string;
  readonly manifest?: string;
  readonly bundle?: string;
  readonly outputPath?: string;
  readonly engine?: 'builtin' | 'ops';
  readonly platform?: 'gevulot' | 'nanos';
  readonly nanosVersion?: string;
  readonly nanosDir?: string;
  readonly offline?: boolean;
}

/** Packages the project's bundle as an image. The last line names it relative to the Nx workspace, since Nx replays the line in other clones. */
export function packageVm(options: PackageVmOptions, context: ExecutorContext): Promise<{ success: boolean }> {
  return runOperation(async ({ signal }) => {
    const { root } = context;
    if (options.engine === 'ops') refuseUnhashedOps(context);
    const { buildImage, findLockFile, readBundle, readProject } = await import('package-vm');
    const output = defaultOutput(context, options);
    const bundleFolder = join(root, options.bundle ?? join(output, 'bundle'));
    const bundle = await readBundle(bundleFolder);
    const folder = projectFolder(context);
    const project = await readProject({
      folder,
      program: bundle.name,
      manifestPath: options.manifest === undefined ? undefined : join(root, options.manifest),
      platform: options.platform,
      variant: options.variant,
      workspaceRoot: root,
    });
    const imageFolder = join(root, options.outputPath ?? join(output, 'image'));
    removeOtherImages(imageFolder, bundle.name);
    const lockFile = findLockFile(dirname(project.manifestPath));
    const built = await buildImage({
      project,
      bundle,
      release: {
        version: options.nanosVersion,
        nanosDir: options.nanosDir === undefined ? undefined : resolve(root, options.nanosDir),
        lockFile,
        offline: options.offline,
      },
      outputPath: join(imageFolder, `${bundle.name}.img`),
      engine: options.engine,
      // set by Nx for `--verbose`
      ops: { onCommand: process.env.NX_VERBOSE_LOGGING === 'true' ? (line) => { console.error(line); } : undefined },
      signal,
    }).catch((error: unknown) => {
      throw inWordsOfNx(error);
    });
    await showFindings(built.findings, { root, withNotes: false });
    await refuseUnseenInputs(built, { context, bundleFolder, project, lockFile });
    console.log(`Bootable image file:${relative(root, built.imagePath)}`);
    return true;
  });
}

export default packageVm;

/** The engine `ops` chosen where the inputs do not hold its version: an update of ops would not be seen. */
function refuseUnhashedOps({ root, target }: ExecutorContext): void {
  if (target?.cache !== true || holdsOps(target.inputs)) return;
  throw new PackageVmError('PVM_UNHASHED_FILE', 'The engine `ops` decides about this image, but its version is not among the inputs of the Nx task', {
    hint: `Choose it with \`"options": { "packageVm": { "engine": "ops" } }\` of the plugin in nx.json, or add \`${JSON.stringify(opsInput(root))}\` to the inputs.`,
  });
}

/** Removes an image again that depends on something which is not in its Nx task's hash: the next change would not be seen. */
async function refuseUnseenInputs({ plan, findings, imagePath, resultPath }: BuiltImage, { context, bundleFolder, project, lockFile }: InputPlaces): Promise<void> {
  const { root } = context;
  const { manifestPath, crateFolder = root, settings } = project;
  try {
    const unlocked = findings.find(({ code }) => code === 'nanos-not-locked');
    if (unlocked !== undefined) throw new PackageVmError('PVM_NANOS_NOT_LOCKED', `${unlocked.message}, and Nx does not see a change of them`, { hint: unlocked.hint });
    await refuseUnhashedLock(root, lockFile);
    // kernel and klibs of a release are in its lock by their digests
    const ofManifest = plan.bootFiles.filter(({ origin, content }) => 'hostPath' in content && origin === relative(root, content.hostPath));
    const packed = [...plan.entries, ...ofManifest].flatMap((entry) => (entry.kind === 'file' && 'hostPath' in entry.content ? [entry.content.hostPath] : []));
    const own = [manifestPath, ...packed.filter((path) => isOutside(fromRoot(bundleFolder, path)))];
    const { holds } = targetInputs(context);
    await refuseUnhashedFiles({ workspaceRoot: root, paths: own.filter((path) => !holds(path)), crateFolder: fromRoot(root, crateFolder), inputs: settings.inputs });
    const folders = namedPaths(manifestPath).folders.map((path) => join(project.baseFolder, path));
    showEmptyInputs(root, folders.filter((path) => !holds(path)));
  } catch (error) {
    for (const path of [imagePath, resultPath]) rmSync(path, { force: true });
    throw error;
  }
}

/** @throws PVM_UNHASHED_FILE for a lock file that git ignores: only its digests say which Nanos release is in the image. */
async function refuseUnhashedLock(root: string, lockFile: string | undefined): Promise<void> {
  // the placeholder release needs none
  const path = lockFile === undefined || !existsSync(lockFile) ? undefined : fromRoot(root, lockFile);
  if (path === undefined || (!isOutside(path) && (await knownToNx(root, [path])).has(path))) return;
  throw new PackageVmError('PVM_UNHASHED_FILE', `Nx does not hash \`${path}\`, so another Nanos release would go unseen and the old image come from the cache`, {
    hint: isOutside(path) ? 'Lock the release in the Nx workspace: `package-vm nanos lock`.' : 'Take it out of `.gitignore` and commit it.',
  });
}

interface InputPlaces {
  readonly context: ExecutorContext;
  readonly bundleFolder: string;
  readonly project: Project;
  readonly lockFile: string | undefined;
}

/** An image of a program that was renamed since would stay in the output, and in the cache with it. */
function removeOtherImages(folder: string, name: string): void {
  if (!existsSync(folder)) return;
  const own = new Set([`${name}.img`, `${name}.img.json`]);
  for (const file of readdirSync(folder)) if (/\.img(\.json)?$/.test(file) && !own.has(file)) rmSync(join(folder, file));
}

/** Hints name options of the command line; in Nx they are options of the target, for which `rehearse-vm` and `run-vm` have none of their own. */
function inWordsOfNx(error: unknown): unknown {
  if (!isPackageVmError(error)) return error;
  const option = { '--nanos-dir': 'nanosDir', '--nanos-version': 'nanosVersion' }[/--nanos-(dir|version)/.exec(error.hint ?? '')?.[0] ?? ''];
  if (option === undefined) return error;
  return new PackageVmError(error.code, error.message, {
    cause: error,
    hint: `Set \`${option}\` in nx.json, which holds for all that needs the image: \`"targetDefaults": { "@package-vm/nx:package-vm": { "options": { "${option}": "…" } } }\`.`,
  });
}
