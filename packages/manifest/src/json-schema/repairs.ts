import { type JsonValue } from '../finding.js';
import { type JsonSchema } from './json-schema.js';
import { objectOfList } from './object-of-list.js';

/** What was meant by a value of another type or form, where that is beyond doubt: `4` for `"4"` where a number is expected, `"/a"` for `"a/"`. */
export function repair(schema: JsonSchema, value: unknown): JsonValue | undefined {
  if (typeof value === 'string') return repairText(schema, value);
  if (schema.type === 'string' && (typeof value === 'number' || value === true)) return Number.isFinite(Number(value)) ? String(value) : undefined;
  if (schema.type === 'object' && Array.isArray(value) && schema.additionalProperties !== false) return objectOfList(schema, value);
  return undefined;
}

function repairText(schema: JsonSchema, text: string): JsonValue | undefined {
  if (schema.type === 'integer') return /^(0|[1-9]\d{0,14})$/.test(text) ? Number(text) : undefined;
  if (schema.type === 'boolean') return /^(true|false)$/i.test(text) ? /^t/i.test(text) : undefined;
  // one name where a list is expected
  if (schema.type === 'array') return /^[\w./-]+$/.test(text) ? [text] : undefined;
  if (schema.kind === 'size') return /^(\d+) *(?:([kmg])(?:i?b)?)$/i.exec(text)?.slice(1).join('');
  if (schema.kind === 'guest path') return absolute(text);
  return undefined;
}

/** A path inside the image that was written from the root's point of view, or with a slash too many. */
function absolute(path: string): string | undefined {
  const [, plain = '', suffix = ''] = /^(.*?)(:ro)?$/.exec(path) ?? [];
  const names = plain.split('/').filter((name) => name !== '' && name !== '.');
  // `%0` is the other side of a mount
  return names.length === 0 || names.includes('..') || plain.startsWith('%') ? undefined : `/${names.join('/')}${suffix}`;
}
