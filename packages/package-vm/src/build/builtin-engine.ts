import { type EngineCall, type WrittenImage } from './engine.js';
import { layOutPlan } from './lay-out-plan.js';
import { writeImage } from './write-image.js';

/** Writes a plan's image with our own writer: the same bytes for the same plan. @throws what {@link writeImage} throws */
export async function writeWithBuiltin({ plan, file, onProgress, signal }: EngineCall): Promise<WrittenImage> {
  const layout = layOutPlan(plan);
  const digests = await writeImage({ layout, file, onProgress, signal });
  const { layoutVersion, sizeBytes, uuid } = layout;
  return { engine: 'builtin', layoutVersion, sizeBytes, uuid, ...digests, findings: [] };
}
