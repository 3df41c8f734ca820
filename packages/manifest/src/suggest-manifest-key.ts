import { confusedKey } from './confusions.js';
import { type Keys } from './finding.js';
import { type JsonSchema, knownKeys, schemaAt, shippedSchema } from './json-schema/json-schema.js';
import { type Suggestion, nearestKey } from './suggestion.js';

const sections: readonly Keys[] = [[], ['RunConfig'], ['CloudConfig'], ['ManifestPassthrough']];

/** What was meant by an unknown key: a known confusion, the same key of another section, or a key of this one. */
export function suggestManifestKey(section: Keys, key: string): Suggestion | undefined {
  const schema = shippedSchema('manifest');
  // what is inside a section's own objects is not taken for one of another section
  const elsewhere = section.length > 1 ? undefined : sections.find((other) => other[0] !== section[0] && hasKey(schema, other, key));
  return confusedKey(section, key) ?? (elsewhere && { key, section: elsewhere, isSure: true }) ?? nearestKey(key, knownKeys(schema, section) ?? []);
}

function hasKey(schema: JsonSchema, section: Keys, key: string): boolean {
  return Object.hasOwn(schemaAt(schema, section)?.properties ?? {}, key);
}
