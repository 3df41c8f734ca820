import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type Keys } from '../finding.js';

/** The part of JSON schema (draft 7) that our schemas use, with the keywords of VS Code and our own. */
export interface JsonSchema {
  readonly type?: 'object' | 'array' | 'string' | 'integer' | 'boolean';
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: JsonSchema | false;
  readonly propertyNames?: JsonSchema;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly allOf?: readonly JsonSchema[];
  readonly enum?: readonly string[];
  readonly pattern?: string | undefined;
  readonly minLength?: number;
  readonly minItems?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly $ref?: string;
  readonly definitions?: Readonly<Record<string, JsonSchema>>;
  readonly description?: string;
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
  /** What is said when the pattern does not match, and when anything else is wrong. */
  readonly patternErrorMessage?: string | undefined;
  readonly errorMessage?: string | undefined;
  /** A kind of value for which `repairs.ts` knows what was meant. */
  readonly kind?: 'guest path' | 'size';
  /** Whether the presence of the key turns something on, whatever its value. */
  readonly isFlag?: boolean;
  /** The klib without which the key does nothing. */
  readonly klib?: string;
  /** Where the fact comes from. */
  readonly source?: string;
}

const loaded = new Map<string, JsonSchema>();

/** One of the schemas that this package ships, made from those in `schema/` and `settings/`. */
export function shippedSchema(name: 'manifest' | 'settings'): JsonSchema {
  let schema = loaded.get(name);
  if (schema === undefined) {
    schema = JSON.parse(readFileSync(createRequire(import.meta.url).resolve(`@package-vm/manifest/schemas/${name}.schema.json`), 'utf8')) as JsonSchema;
    loaded.set(name, schema);
  }
  return schema;
}

/** The schema of the value at a path, where the schema has one. */
export function schemaAt(root: JsonSchema, keys: Keys): JsonSchema | undefined {
  let found: JsonSchema | undefined = root;
  for (const key of keys) {
    if (found === undefined) return undefined;
    const { items, properties = {}, additionalProperties }: JsonSchema = found;
    const member: JsonSchema | false | undefined = typeof key === 'number' ? items : Object.hasOwn(properties, key) ? properties[key] : additionalProperties;
    found = member === undefined || member === false ? undefined : resolveRef(root, member);
  }
  return found;
}

const keysOf = new WeakMap<object, readonly string[]>();

/** The keys that a schema lists for the object at a path; undefined where there is no such list. */
export function knownKeys(root: JsonSchema, keys: Keys): readonly string[] | undefined {
  const properties = schemaAt(root, keys)?.properties;
  if (properties === undefined) return undefined;
  let known = keysOf.get(properties);
  if (known === undefined) {
    known = Object.keys(properties);
    keysOf.set(properties, known);
  }
  return known;
}

export function resolveRef(root: JsonSchema, schema: JsonSchema): JsonSchema {
  const name = schema.$ref?.replace('#/definitions/', '') ?? schema.allOf?.[0]?.$ref?.replace('#/definitions/', '');
  return name === undefined ? schema : (root.definitions?.[name] ?? schema);
}
