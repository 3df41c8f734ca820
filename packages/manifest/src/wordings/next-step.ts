import { type Fix, type Keys } from '../finding.js';
import { type JsonSchema, knownKeys, schemaAt, shippedSchema } from '../json-schema/json-schema.js';

/** The value that a fix sets, as it is written. */
export function setByFix(fix: Fix | undefined): string | undefined {
  const [change, ...others] = fix?.changes ?? [];
  return change?.kind === 'set' && others.length === 0 ? `Write \`${shortJson(change.value)}\`.` : undefined;
}

/** A good value of a key, or of the nearest key around it that has an example. */
export function exampleOf(keys: Keys): string | undefined {
  for (let path = keys; path.length > 0; path = path.slice(0, -1)) {
    const key = path.at(-1);
    const manifest = schemaAt(shippedSchema('manifest'), path)?.examples?.[0];
    if (typeof key === 'string' && manifest !== undefined) return `For example \`${JSON.stringify(key)}: ${spaced(manifest)}\`.`;
    const settings = settingAt(path)?.examples?.[0];
    if (typeof key === 'string' && settings !== undefined) return `For example \`${key} = ${toml(settings)}\`.`;
  }
  return undefined;
}

/** The keys that there are in a place, where they are few. */
export function keysThere(section: Keys): string | undefined {
  const known = section.length === 0 ? undefined : (knownKeys(shippedSchema('manifest'), section) ?? Object.keys(settingAt(section)?.properties ?? {}));
  return known === undefined || known.length === 0 || known.length > MOST_KEYS ? undefined : `It has ${known.map((key) => `\`${key}\``).join(', ')}.`;
}

const MOST_KEYS = 8;

function settingAt(keys: Keys): JsonSchema | undefined {
  return schemaAt(shippedSchema('settings'), keys);
}

function shortJson(value: unknown): string {
  const text = spaced(value);
  return text.length <= 80 ? text : `${text.slice(0, 77)}…`;
}

/** As people write it in one line. */
function spaced(value: unknown): string {
  return JSON.stringify(value, null, 1).replace(/\n */g, ' ').replace(/\[ /g, '[').replace(/ \]/g, ']');
}

function toml(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(toml).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  return `{ ${Object.entries(value).map(([key, member]) => `${key} = ${toml(member)}`).join(', ')} }`;
}
