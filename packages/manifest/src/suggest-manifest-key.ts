import { confusedKey } from './confusions.js';
import { type Keys } from './finding.js';
import { formatKeys } from './keys.js';
import { type JsonSchema, knownKeys, schemaAt, shippedSchema } from './json-schema/json-schema.js';
import { type Suggestion, nearestKey, withoutStyle } from './suggestion.js';

const sections: readonly Keys[] = [[], ['RunConfig'], ['CloudConfig'], ['ManifestPassthrough']];

/** What was meant by an unknown key: a known confusion, the same key of another section, a key of this one, or one of another in another style. */
export function suggestManifestKey(section: Keys, key: string): Suggestion | undefined {
  const schema = shippedSchema('manifest');
  // what is inside a section's own objects is not taken for one of another section
  const others = section.length > 1 ? [] : sections.filter((other) => other[0] !== section[0]);
  const inOthers = others.filter((other) => hasKey(schema, other, key)).map((other) => ({ key, section: other }));
  return confusedKey(section, key) ?? ofOtherSection(inOthers) ?? nearestKey(key, knownKeys(schema, section) ?? []) ?? ofOtherSection(inOtherStyle(schema, section, key));
}

interface KeyOfSection {
  readonly key: string;
  readonly section: Keys;
}

/** The kernel may have attributes of any name, so that what is written for it is only taken for a key of another section if it is that key. */
function inOtherStyle(schema: JsonSchema, section: Keys, key: string): readonly KeyOfSection[] {
  if (section.length > 1 || section[0] === 'ManifestPassthrough') return [];
  return (styleless(schema).get(withoutStyle(key)) ?? []).filter((other) => other.section[0] !== section[0]);
}

let byStyle: Map<string, KeyOfSection[]> | undefined;

/** The keys of all sections, by what is left of them without their style. */
function styleless(schema: JsonSchema): ReadonlyMap<string, readonly KeyOfSection[]> {
  if (byStyle === undefined) {
    byStyle = new Map();
    for (const section of sections) {
      for (const key of knownKeys(schema, section) ?? []) byStyle.set(withoutStyle(key), [...(byStyle.get(withoutStyle(key)) ?? []), { key, section }]);
    }
  }
  return byStyle;
}

function ofOtherSection(found: readonly KeyOfSection[]): Suggestion | undefined {
  const [first, ...others] = found;
  return first && { ...first, isSure: others.length === 0, ...adviceOf(first.key, found.map(({ section }) => section)) };
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
