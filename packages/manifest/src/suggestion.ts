import { type Keys } from './finding.js';

/** What was probably meant by an unknown key. */
export interface Suggestion {
  readonly key?: string;
  /** The section that the key belongs to, where it is another. */
  readonly section?: Keys;
  /** What to do, where it is more than writing the key. */
  readonly advice?: string;
  /** Whether the key can only be removed. */
  readonly isUseless?: boolean;
  /** Whether nothing else can have been meant. */
  readonly isSure?: boolean;
}

/** The known key that differs from an unknown one only in case, dashes and underscores, for sure, or by a slip of the fingers. */
export function nearestKey(unknown: string, known: Iterable<string>): Suggestion | undefined {
  const plain = withoutStyle(unknown);
  const furthest = plain.length < 3 ? 0 : plain.length < 5 ? 1 : 2;
  let nearest: string | undefined;
  let smallest = furthest + 1;
  for (const key of known) {
    const candidate = plainKey(key);
    // the check of the lengths keeps a key of a megabyte from costing anything
    if (Math.abs(candidate.length - plain.length) >= smallest) continue;
    const slips = distance(plain, candidate);
    if (slips < smallest) [nearest, smallest] = [key, slips];
  }
  return nearest === undefined ? undefined : { key: nearest, isSure: smallest === 0 };
}

/** How many letters to add, take out, replace or swap with their neighbour make one word of the other. */
function distance(a: string, b: string): number {
  if (a === b) return 0;
  const width = b.length + 1;
  const slips = new Uint16Array((a.length + 1) * width);
  for (let j = 1; j < width; j += 1) slips[j] = j;
  const at = (i: number, j: number): number => slips[i * width + j] ?? 0;
  for (let i = 1; i <= a.length; i += 1) {
    slips[i * width] = i;
    for (let j = 1; j < width; j += 1) {
      const replaced = at(i - 1, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      slips[i * width + j] = Math.min(replaced, at(i - 1, j) + 1, at(i, j - 1) + 1, isSwap ? at(i - 2, j - 2) + 1 : Infinity);
    }
  }
  return at(a.length, b.length);
}

function withoutStyle(key: string): string {
  return key.toLowerCase().replace(/[-_ ]/g, '');
}

const plainKeys = new Map<string, string>();

/** {@link withoutStyle} of a known key, remembered. */
function plainKey(key: string): string {
  let plain = plainKeys.get(key);
  if (plain === undefined) {
    plain = withoutStyle(key);
    plainKeys.set(key, plain);
  }
  return plain;
}
