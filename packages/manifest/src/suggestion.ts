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
export function nearestKey(unknown: string, known: readonly string[]): Suggestion | undefined {
  const plain = withoutStyle(unknown);
  const furthest = plain.length < 3 ? 0 : plain.length < 5 ? 1 : 2;
  const letters = lettersOf(plain);
  let nearest: string | undefined;
  let smallest = furthest + 1;
  for (const candidate of plainKeys(known)) {
    // most are told apart without a look at the order of their letters; a key of a megabyte costs nothing
    if (Math.abs(candidate.plain.length - plain.length) >= smallest || bits(candidate.letters ^ letters) >= 2 * smallest) continue;
    const slips = distance(plain, candidate.plain);
    if (slips < smallest) [nearest, smallest] = [candidate.key, slips];
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

/** What is left of a key when neither its case nor its dashes and underscores count. */
export function withoutStyle(key: string): string {
  return key.toLowerCase().replace(/[-_ ]/g, '');
}

/** Which letters a word has, a bit each; a slip changes two at most. */
function lettersOf(word: string): number {
  let letters = 0;
  for (let index = 0; index < word.length; index += 1) letters |= 1 << (word.charCodeAt(index) % 32);
  return letters;
}

function bits(set: number): number {
  let count = 0;
  for (let rest = set; rest !== 0; rest &= rest - 1) count += 1;
  return count;
}

interface PlainKey {
  readonly key: string;
  readonly plain: string;
  readonly letters: number;
}

const plainKeysOf = new WeakMap<readonly string[], readonly PlainKey[]>();

/** Known keys without their style, remembered. */
function plainKeys(known: readonly string[]): readonly PlainKey[] {
  let keys = plainKeysOf.get(known);
  if (keys === undefined) {
    keys = known.map((key) => ({ key, plain: withoutStyle(key), letters: lettersOf(withoutStyle(key)) }));
    plainKeysOf.set(known, keys);
  }
  return keys;
}
