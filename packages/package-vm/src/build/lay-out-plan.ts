import { type ImageLayout, layOutImage } from '@package-vm/disk-image';
import { readFileSync } from 'node:fs';
import { type Plan } from '../plan/plan.js';

/** Marks an image that no Nanos kernel is in. */
export const PLACEHOLDER_LABEL = 'placeholder-not-nanos';

/** Where everything of a plan lies in the image. @throws what {@link layOutImage} throws */
export function layOutPlan(plan: Plan): ImageLayout {
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
