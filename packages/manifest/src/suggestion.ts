import { distance } from 'fastest-levenshtein';
import { type Keys } from './finding.js';

/** What was probably meant by an unknown key: a key (of another section, where given), or what to do instead. */
export type Suggestion = { readonly key: string; readonly section?: Keys } | { readonly advice: string };

/** The known key that differs from an unknown one only in case, dashes and underscores, or by a slip of the fingers. */
export function nearestKey(unknown: string, known: Iterable<string>): string | undefined {
  const plain = withoutStyle(unknown);
  const furthest = plain.length < 3 ? 0 : plain.length < 5 ? 1 : 2;
  let nearest: string | undefined;
  let smallest = furthest + 1;
  for (const key of known) {
    const candidate = withoutStyle(key);
    // the check of the lengths keeps a key of a megabyte from costing anything
    if (Math.abs(candidate.length - plain.length) >= smallest) continue;
    const difference = distance(plain, candidate);
    if (difference < smallest) [nearest, smallest] = [key, difference];
  }
  return nearest;
}

function withoutStyle(key: string): string {
  return key.toLowerCase().replace(/[-_ ]/g, '');
}
