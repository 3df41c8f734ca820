import { tupleToJson } from '../inspect/tuple-to-json.js';
import { type Plan, type PlannedEntry } from '../plan/plan.js';

/** A plan as JSON: what would be in the image, without the bytes. */
export function planToJson(plan: Plan): object {
  return {
    ...plan,
    attributes: tupleToJson(plan.attributes),
    entries: plan.entries.map(entryToJson),
    bootLoader: entryToJson(plan.bootLoader),
    bootFiles: plan.bootFiles.map(entryToJson),
  };
}

function entryToJson(entry: PlannedEntry): object {
  if (entry.kind !== 'file') return entry;
  const { kind, path, sizeBytes, sha256, origin } = entry;
  return { kind, path, sizeBytes, sha256, origin };
}
