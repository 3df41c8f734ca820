import { type JsonValue } from '../finding.js';
import { type JsonSchema } from './json-schema.js';

type Entry = readonly [name: string, value: JsonValue];

/** What an element calls a name and its value, as in manifests of other tools: `{ "name": "A", "value": "b" }`, `{ "source": "s", "target": "/t" }`. */
const NAME = /^(name|key|source|src|volume)$/i;
const VALUE = /^(value|target|destination|dst|path|mountpath)$/i;

/**
 * The object that a list was meant to be, where any keys may be in it: of `["A=b"]`, `["source:/target"]`, names and values, objects, and flags of the
 * schema by their names. Undefined where an element says less or a name comes twice.
 */
export function objectOfList(schema: JsonSchema, list: readonly unknown[]): Record<string, JsonValue> | undefined {
  const entries: Entry[] = [];
  for (const item of list) {
    const found = typeof item === 'string' ? entryOfText(schema, item) : entriesOfObject(item);
    if (found === undefined) return undefined;
    entries.push(...found);
  }
  const names = new Set(entries.map(([name]) => name));
  return entries.length === 0 || names.size < entries.length ? undefined : Object.fromEntries(entries);
}

function entryOfText({ properties = {}, additionalProperties }: JsonSchema, text: string): readonly Entry[] | undefined {
  const isPath = additionalProperties !== false && additionalProperties?.kind === 'guest path';
  const [, name, value = ''] = (isPath ? /^([^:=]+)[:=](\/[^]*)$/ : /^([A-Za-z_]\w*)=([^]*)$/).exec(text) ?? [];
  if (name !== undefined) return [[name, value]];
  return Object.hasOwn(properties, text) && properties[text]?.isFlag === true ? [[text, 'true']] : undefined;
}

function entriesOfObject(item: unknown): readonly Entry[] | undefined {
  if (typeof item !== 'object' || item === null || Array.isArray(item)) return undefined;
  // what was read from JSON
  const entries = Object.entries(item) as readonly Entry[];
  const named = entries.find(([key]) => NAME.test(key))?.[1];
  const value = entries.find(([key]) => VALUE.test(key))?.[1];
  if (entries.length === 2 && typeof named === 'string' && value !== undefined) return [[named, value]];
  return entries.some(([key]) => NAME.test(key) || VALUE.test(key)) ? undefined : entries;
}
