import { type Tuple, type Value } from '@package-vm/disk-image';
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

function tupleToJson(tuple: Tuple): object {
  return Object.fromEntries([...tuple].map(([key, value]) => [key, valueToJson(value)]));
}

function valueToJson(value: Value): unknown {
  if (typeof value === 'string' || typeof value === 'bigint') return String(value);
  return Array.isArray(value) ? value.map(valueToJson) : tupleToJson(value as Tuple);
}
