import { type ImageLayout, layOutImage } from '@package-vm/disk-image';
import { readFileSync } from 'node:fs';
import { digestBytes } from '../host-files/digest-file.js';
import { fileChanged } from '../host-files/file-source.js';
import { type Plan, type PlannedFile } from '../plan/plan.js';

/** Marks an image that no Nanos kernel is in. */
export const PLACEHOLDER_LABEL = 'placeholder-not-nanos';

/** Where everything of a plan lies in the image. @throws what {@link layOutImage} throws */
export function layOutPlan(plan: Plan): ImageLayout {
  const spec = {
    bootLoader: readPlanned(plan.bootLoader),
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

/** A small file's bytes, held against what was planned. @throws PVM_FILE_CHANGED */
function readPlanned({ content, sha256 }: PlannedFile): Uint8Array {
  if ('bytes' in content) return content.bytes;
  const bytes = readFileSync(content.hostPath);
  if (digestBytes(bytes).sha256 !== sha256) throw fileChanged(content.hostPath);
  return bytes;
}
