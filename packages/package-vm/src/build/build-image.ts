import { type Finding, type Platform, inFileOrder } from '@package-vm/manifest';
import { layOutImage } from '@package-vm/disk-image';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Bundle } from '../bundle/bundle.js';
import { bundleFindings } from '../bundle/bundle-findings.js';
import { locateRelease, type LocateOptions } from '../nanos-release/locate-release.js';
import { releaseFindings } from '../nanos-release/release-findings.js';
import { makePlan } from '../plan/make-plan.js';
import { type Plan } from '../plan/plan.js';
import { type Project, judgeFindings } from '../project/read-project.js';
import { type ImageDigests } from './image-hasher.js';
import { resultText } from './image-result.js';
import { writeOutputPair } from './output-pair.js';
import { writeImage } from './write-image.js';

export interface BuildImageOptions {
  readonly project: Project;
  readonly bundle: Bundle;
  readonly release: Pick<LocateOptions, 'version' | 'nanosDir' | 'lockFile' | 'cacheFolder' | 'baseUrl' | 'offline'>;
  /** Where the image goes; its result file goes beside it, with `.json` appended. */
  readonly outputPath: string;
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
  const plan = makePlan({ ...project, bundle, release });
  const findings = [...project.findings, ...inFileOrder(plan.findings), ...bundleFindings(bundle), ...releaseFindings(release)];
  return { ...plan, findings: judgeFindings(project, findings) };
}

/**
 * Builds an image with the builtin engine: bundle, manifest and Nanos release in, image and result file out. The same inputs give
 * the same bytes, whatever the machine, the folder, the user or the time.
 *
 * @throws PVM_BAD_MANIFEST with all findings; PVM_WRITE_FAILED, PVM_FILE_CHANGED, PVM_CANCELLED; what locating the release throws
 */
export async function buildImage(options: BuildImageOptions): Promise<BuiltImage> {
  const { project, bundle, onProgress, signal } = options;
  const plan = await planImage(options);
  const layout = layOut(plan);
  const imagePath = resolve(options.outputPath);
  const resultPath = `${imagePath}.json`;
  let digests: ImageDigests | undefined;
  await writeOutputPair({
    imagePath,
    resultPath,
    sync: options.sync ?? false,
    async write(file) {
      digests = await writeImage({
        layout,
        file,
        signal,
        onProgress: onProgress === undefined ? undefined : (doneBytes, totalBytes) => { onProgress({ step: 'write', doneBytes, totalBytes }); },
      });
      return resultText({ project, bundle, plan, layout, digests });
    },
  });
  if (digests === undefined) throw new TypeError('the image was not written');
  return { imagePath, resultPath, sizeBytes: layout.sizeBytes, ...digests, plan, findings: plan.findings };
}

function layOut(plan: Plan): ReturnType<typeof layOutImage> {
  const { content } = plan.bootLoader;
  const spec = {
    bootLoader: 'bytes' in content ? content.bytes : readFileSync(content.hostPath),
    bootFiles: plan.bootFiles,
    entries: plan.entries,
    attributes: plan.attributes,
    freeBytes: plan.freeBytes,
    ...(plan.isPlaceholder ? { label: PLACEHOLDER_LABEL } : {}),
  };
  const layout = layOutImage(spec);
  const missingBytes = plan.minimumImageBytes - layout.sizeBytes;
  return missingBytes <= 0 ? layout : layOutImage({ ...spec, freeBytes: spec.freeBytes + missingBytes });
}

/** Marks an image that no Nanos kernel is in. */
export const PLACEHOLDER_LABEL = 'placeholder-not-nanos';

export type { Platform };
