import { type ImageLayout } from '@package-vm/disk-image';
import { type Bundle } from '../bundle/bundle.js';
import { toolVersion } from '../host-files/tool-version.js';
import { type Plan, type PlannedFile } from '../plan/plan.js';
import { type Project } from '../project/read-project.js';
import { type ImageDigests } from './image-hasher.js';

/** Version of the shape of the result file. */
const RESULT_SCHEMA_VERSION = 1;

export interface ResultInputs {
  readonly project: Project;
  readonly bundle: Bundle;
  readonly plan: Plan;
  readonly layout: ImageLayout;
  readonly digests: ImageDigests;
}

/** The text of the file beside an image that says what it is made of. No absolute path, no time, nothing of the machine. */
export function resultText({ project, bundle, plan, layout, digests }: ResultInputs): string {
  const result = {
    schemaVersion: RESULT_SCHEMA_VERSION,
    layoutVersion: layout.layoutVersion,
    engine: 'builtin',
    tool: { name: 'package-vm', version: toolVersion() },
    program: plan.program,
    platform: plan.platform,
    nanosVersion: plan.nanosVersion,
    isPlaceholder: plan.isPlaceholder,
    build: bundle.build ?? null,
    manifestSha256: project.manifestSha256,
    resources: project.settings.resources,
    image: { sizeBytes: layout.sizeBytes, uuid: layout.uuid, ...digests },
    bootFiles: [plan.bootLoader, ...plan.bootFiles].map(describeFile),
    files: plan.entries.filter((entry) => entry.kind === 'file').map(describeFile),
    findings: plan.findings,
  };
  return `${JSON.stringify(result, null, 2)}\n`;
}

function describeFile({ path, sizeBytes, sha256, origin }: PlannedFile): object {
  return { path, sizeBytes, sha256, origin };
}
