import { type Tuple, type Value } from '../tree.js';

/** `instanceof Map` alone does not narrow a `ReadonlyMap`. */
export function isTuple(value: Value | undefined): value is Tuple {
  return value instanceof Map;
}
