import { type Tuple, type Value } from '@package-vm/disk-image';

/** A tuple as plain data; integers become numbers. */
export function tupleToJson(tuple: Tuple): Readonly<Record<string, unknown>> {
  return Object.fromEntries([...tuple].map(([key, value]) => [key, valueToJson(value)]));
}

function valueToJson(value: Value): unknown {
  if (typeof value === 'string') return value;
  if (typeof value === 'bigint') return Number(value);
  if (Array.isArray(value)) return value.map(valueToJson);
  return tupleToJson(value as Tuple);
}
