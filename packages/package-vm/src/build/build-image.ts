import { type Finding, inFileOrder } from '@package-vm/manifest';
import { join, resolve } from 'node:path';
import { type Bundle } from '../bundle/bundle.js';
import { bundleFindings } from '../bundle/bundle-findings.js';
import { locateRelease, type LocateOptions } from '../nanos-release/locate-release.js';
import { releaseFindings } from '../nanos-release/release-findings.js';
import { makePlan } from '../plan/make-plan.js';
import { type Plan } from '../plan/plan.js';
import { type Project, judgeFindings } from '../project/read-project.js';
import { writeWithBuiltin } from './builtin-engine.js';
import { type EngineCall, type EngineName, type WrittenImage } from './engine.js';
import { type ImageDigests } from './image-hasher.js';
import { resultText } from './image-result.js';
import { type OpsEngineOptions } from './ops-engine.js';
import { writeOutputPair } from './output-pair.js';
import { refuseOverwriting } from './refuse-overwriting.js';

export interface BuildImageOptions {
  readonly project: Project;
  readonly bundle: Bundle;
  readonly release: Pick<LocateOptions, 'version' | 'nanosDir' | 'lockFile' | 'cacheFolder' | 'baseUrl' | 'offline'>;
  /** Where the image goes; its result file goes beside it, with `.json` appended. */
  readonly outputPath: string;
  /** Default: `builtin`. */
  readonly engine?: EngineName | undefined;
  /** For the engine `ops`. */
  readonly ops?: OpsEngineOptions | undefined;
  /** Whether to wait for the disk; default false. */
  readonly sync?: boolean;
  readonly onProgress?: ((progress: BuildProgress) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface BuildProgress {
  readonly step: 'release' | 'plan' | 'write';
  readonly doneBytes?: number;
  readonly totalBytes?: number;
}

export interface BuiltImage extends ImageDigests {
  readonly imagePath: string;
  readonly resultPath: string;
  readonly sizeBytes: number;
  readonly plan: Plan;
  /** With the settings' allowances applied; none is an error. */
  readonly findings: readonly Finding[];
}

/**
 * Makes the plan of an image: everything that {@link buildImage} would write, with the judged findings.
 *
 * @throws PVM_BAD_MANIFEST with all findings, and what locating the release throws
 */
export async function planImage(options: Omit<BuildImageOptions, 'outputPath' | 'sync'>): Promise<Plan> {
  const { project, bundle, onProgress, signal } = options;
  onProgress?.({ step: 'release' });
  const release = await locateRelease({ ...options.release, version: options.release.version ?? project.settings.nanosVersion, signal });
  onProgress?.({ step: 'plan' });
  const plan = await makePlan({ ...project, bundle, release, signal });
  const findings = [...project.findings, ...inFileOrder(plan.findings), ...bundleFindings(bundle), ...releaseFindings(release)];
  return { ...plan, findings: await judgeFindings(project, findings) };
}

/**
 * Builds an image: bundle, manifest and Nanos release in, image and result file out. With the builtin engine the same inputs give the same
 * bytes, whatever the machine, the folder, the user or the time; with `ops` they give the same tree.
 *
 * @throws PVM_BAD_MANIFEST with all findings; PVM_BAD_USAGE when an output would overwrite something else; PVM_WRITE_FAILED, PVM_FILE_CHANGED, PVM_CANCELLED; what locating the release and the engine `ops` throw
 */
export async function buildImage(options: BuildImageOptions): Promise<BuiltImage> {
  const { project, bundle, onProgress, signal } = options;
  const plan = await planImage(options);
  const imagePath = resolve(options.outputPath);
  const resultPath = `${imagePath}.json`;
  refuseOverwriting({ imagePath, resultPath }, inputPaths(options, plan));
  let image: WrittenImage | undefined;
  await writeOutputPair({
    imagePath,
    resultPath,
    sync: options.sync ?? false,
    async write(file, path) {
      image = await writeWith(options, {
        plan,
        project,
        file,
        path,
        signal,
        onProgress: onProgress === undefined ? undefined : (doneBytes, totalBytes) => { onProgress({ step: 'write', doneBytes, totalBytes }); },
      });
      return resultText({ project, bundle, plan, image });
    },
  });
  if (image === undefined) throw new TypeError('the image was not written');
  const { sizeBytes, sha256, blake3, findings } = image;
  return { imagePath, resultPath, sizeBytes, sha256, blake3, plan, findings: [...plan.findings, ...findings] };
}

/** Every file of this machine that the build reads. */
function inputPaths({ project, release }: BuildImageOptions, plan: Plan): readonly string[] {
  const planned = [...plan.entries, plan.bootLoader, ...plan.bootFiles];
  return [
    project.manifestPath,
    ...(project.crateFolder === undefined ? [] : [join(project.crateFolder, 'Cargo.toml')]),
    ...(release.lockFile === undefined ? [] : [release.lockFile]),
    ...planned.flatMap((entry) => (entry.kind === 'file' && 'hostPath' in entry.content ? [entry.content.hostPath] : [])),
  ];
}

async function writeWith({ engine, ops }: BuildImageOptions, call: EngineCall): Promise<WrittenImage> {
  if (engine !== 'ops') return writeWithBuiltin(call);
  const { writeWithOps } = await import('./ops-engine.js');
  return writeWithOps(call, ops ?? {});
}
