import { confusedKey } from './confusions.js';
import { type Keys } from './finding.js';
import { knownKeys } from './schema/known-keys.js';
import { manifestSchema } from './schema/manifest.js';
import { type Suggestion, nearestKey } from './suggestion.js';

const sections: readonly Keys[] = [[], ['RunConfig'], ['CloudConfig'], ['ManifestPassthrough']];

/** What was meant by an unknown key: a known confusion, a key of this section, or the same key of another one. */
export function suggestManifestKey(section: Keys, key: string): Suggestion | undefined {
  const nearest = nearestKey(key, knownKeys(manifestSchema, section) ?? []);
  const elsewhere = sections.find((other) => other.join() !== section.join() && knownKeys(manifestSchema, other)?.includes(key));
  return confusedKey(section, key) ?? (elsewhere && { key, section: elsewhere }) ?? (nearest === undefined ? undefined : { key: nearest });
}
