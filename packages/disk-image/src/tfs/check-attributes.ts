import { type Tuple, type Value } from '../tree.js';
import { badTree } from './check-entry.js';
import { isTuple } from './is-tuple.js';
import { CHILDREN, DEPTH_MAX } from './layout.js';

/**
 * Refuses attributes of a root tuple that the log cannot hold as they are.
 *
 * @throws PVM_BAD_TREE
 */
export function checkAttributes(attributes: Tuple): void {
  if (attributes.has(CHILDREN)) throw badTree(`Root tuple has an attribute \`${CHILDREN}\`, which only the tree may give`);
  checkValue(attributes, { name: 'Root tuple', depth: 0 });
}

function checkValue(value: Value, { name, depth }: { name: string; depth: number }): void {
  if (depth > DEPTH_MAX) throw badTree(`${name} is nested more than ${DEPTH_MAX} deep`);
  if (typeof value === 'bigint') {
    if (value < -(1n << 63n) || value >= 1n << 64n) throw badTree(`${name} is ${value.toString()}, which does not fit in 64 bits`);
  } else if (typeof value === 'string') {
    if (/\p{Surrogate}/u.test(value)) throw badTree(`${name} has half a surrogate pair, which UTF-8 cannot hold`);
  } else if (isTuple(value)) {
    for (const [key, inner] of value) {
      if (key === '' || /\p{Surrogate}/u.test(key)) throw badTree(`${name} has an attribute whose name is empty or no UTF-8`);
      checkValue(inner, { name: `Attribute \`${key}\``, depth: depth + 1 });
    }
  } else {
    for (const inner of value) checkValue(inner, { name, depth: depth + 1 });
  }
}
