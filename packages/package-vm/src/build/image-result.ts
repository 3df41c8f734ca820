import { type Bundle } from '../bundle/bundle.js';
import { toolVersion } from '../host-files/tool-version.js';
import { type Plan, type PlannedFile } from '../plan/plan.js';
import { type Project } from '../project/read-project.js';
import { type WrittenImage } from './engine.js';

/** Version of the shape of the result file. */
const RESULT_SCHEMA_VERSION = 1;

export interface ResultInputs {
  readonly project: Project;
  readonly bundle: Bundle;
  readonly plan: Plan;
  readonly image: WrittenImage;
}

/** The text of the file beside an image that says what it is made of. No absolute path, no time, nothing of the machine. */
export function resultText({ project, bundle, plan, image }: ResultInputs): string {
  const result = {
    schemaVersion: RESULT_SCHEMA_VERSION,
    layoutVersion: image.layoutVersion,
    engine: image.engine,
    engineVersion: image.engineVersion,
    tool: { name: 'package-vm', version: toolVersion() },
    program: plan.program,
    platform: plan.platform,
    nanosVersion: plan.nanosVersion,
    isPlaceholder: plan.isPlaceholder,
    build: bundle.build ?? null,
    manifestSha256: project.manifestSha256,
    resources: project.settings.resources,
    image: { sizeBytes: image.sizeBytes, uuid: image.uuid, sha256: image.sha256, blake3: image.blake3 },
    bootFiles: [plan.bootLoader, ...plan.bootFiles].map(describeFile),
    files: plan.entries.filter((entry) => entry.kind === 'file').map(describeFile),
    findings: [...plan.findings, ...image.findings],
  };
  return `${JSON.stringify(result, null, 2)}\n`;
}

function describeFile({ path, sizeBytes, sha256, origin }: PlannedFile): object {
  return { path, sizeBytes, sha256, origin };
}
