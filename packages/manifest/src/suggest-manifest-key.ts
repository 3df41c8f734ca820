import { confusedKey } from './confusions.js';
import { type Keys } from './finding.js';
import { formatKeys } from './keys.js';
import { type JsonSchema, knownKeys, schemaAt, shippedSchema } from './json-schema/json-schema.js';
import { type Suggestion, nearestKey } from './suggestion.js';

const sections: readonly Keys[] = [[], ['RunConfig'], ['CloudConfig'], ['ManifestPassthrough']];

/** What was meant by an unknown key: a known confusion, the same key of another section, or a key of this one. */
export function suggestManifestKey(section: Keys, key: string): Suggestion | undefined {
  const schema = shippedSchema('manifest');
  // what is inside a section's own objects is not taken for one of another section
  const [elsewhere, ...others] = section.length > 1 ? [] : sections.filter((other) => other[0] !== section[0] && hasKey(schema, other, key));
  const moved = elsewhere && { key, section: elsewhere, isSure: others.length === 0, ...adviceOf(key, [elsewhere, ...others]) };
  return confusedKey(section, key) ?? moved ?? nearestKey(key, knownKeys(schema, section) ?? []);
}

/** Where a key belongs that several sections have. */
function adviceOf(key: string, places: readonly Keys[]): { advice?: string } {
  if (places.length < 2) return {};
  const names = places.map((place) => (place.length === 0 ? 'at the top level' : `in \`${formatKeys(place)}\``));
  return { advice: `\`${key}\` belongs ${names.slice(0, -1).join(', ')} or ${names.at(-1) ?? ''}.` };
}

function hasKey(schema: JsonSchema, section: Keys, key: string): boolean {
  return Object.hasOwn(schemaAt(schema, section)?.properties ?? {}, key);
}
