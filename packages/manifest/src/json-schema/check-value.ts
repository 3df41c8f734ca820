import { confusedType } from '../confusions.js';
import { type Finding, type Fix, type JsonValue, type Keys, type Place, probably, safely } from '../finding.js';
import { finding } from '../findings.js';
import { type Suggestion } from '../suggestion.js';
import { type JsonSchema, resolveRef } from './json-schema.js';

export interface CheckRules {
  /** Where a path is in the text. */
  readonly place: (keys: Keys, part?: 'key' | 'value') => Place;
  /** What was meant by a key that the schema does not list. */
  readonly suggest: (section: Keys, key: string) => Suggestion | undefined;
  /** What was meant by a value that breaks a rule, where that is beyond doubt. */
  readonly repair?: (schema: JsonSchema, value: unknown) => JsonValue | undefined;
}

export interface CheckedValue {
  /** What is right in the input, and what was meant where that is beyond doubt; undefined when nothing is, as in a list where an object is expected. */
  readonly value: unknown;
  readonly findings: readonly Finding[];
  /** The paths that were left out, since a finding is about them. */
  readonly leftOut: readonly Keys[];
  /** The path in the input of a path of the value, where elements of lists were left out. */
  readonly inputPath: (keys: Keys) => Keys;
}

/** Checks a value by a schema. What is wrong becomes a finding, and is left out unless it is clear what was meant, so that the rest can be checked too. */
export function checkValue(schema: JsonSchema, value: unknown, rules: CheckRules): CheckedValue {
  const checker = new Checker(schema, rules);
  const checked = checker.check(schema, value, []);
  return { value: checked === WRONG ? undefined : checked, findings: checker.findings, leftOut: checker.leftOut, inputPath: (keys) => inputPath(keys, checker.kept) };
}

const WRONG = Symbol('wrong');

const typeNames = { string: 'a string', boolean: '`true` or `false`', integer: 'a whole number', array: 'a list', object: 'an object' } as const;

function inputPath(keys: Keys, kept: Checker['kept']): Keys {
  if (kept.size === 0) return keys;
  const path: (string | number)[] = [];
  for (const key of keys) path.push(typeof key === 'number' ? (kept.get(JSON.stringify(path))?.[key] ?? key) : key);
  return path;
}

class Checker {
  readonly findings: Finding[] = [];
  readonly leftOut: Keys[] = [];
  /** Of lists that were not kept whole, by path: the positions of the elements that were. */
  readonly kept = new Map<string, readonly number[]>();
  readonly #root: JsonSchema;
  readonly #rules: CheckRules;

  constructor(root: JsonSchema, rules: CheckRules) {
    this.#root = root;
    this.#rules = rules;
  }

  /** The value without what is wrong in it, or `WRONG`. */
  check(given: JsonSchema, value: unknown, keys: Keys): unknown {
    const schema = this.#choose(resolveRef(this.#root, given), value);
    if (typeOf(value) !== schema.type && schema.type !== undefined) return this.#wrongType(schema, value, keys);
    if (Array.isArray(value)) return this.#list(schema, value, keys);
    if (typeof value === 'object' && value !== null) return this.#object(schema, value as Record<string, unknown>, keys);
    const rule = brokenRule(schema, value);
    if (rule === undefined) return value;
    const meant = this.#rules.repair?.(schema, value);
    const isMended = meant !== undefined && brokenRule(schema, meant) === undefined;
    this.#add(finding('bad-value', this.#rules.place(keys), { keys, rule, value }, isMended ? safely({ kind: 'set', keys, value: meant }) : undefined));
    return isMended ? meant : this.#leaveOut(keys);
  }

  /** The alternative that the value's type fits; of several, the first that it keeps the rules of. */
  #choose(schema: JsonSchema, value: unknown): JsonSchema {
    if (schema.anyOf === undefined) return schema;
    const alternatives = schema.anyOf.map((alternative) => resolveRef(this.#root, alternative));
    const fitting = alternatives.filter(({ type }) => type === typeOf(value));
    const chosen = fitting.find((alternative) => brokenRule(alternative, value) === undefined) ?? fitting[0] ?? alternatives.find(({ type }) => type === 'string') ?? { type: 'string' };
    return schema.errorMessage === undefined || chosen.patternErrorMessage === undefined ? chosen : { ...chosen, patternErrorMessage: schema.errorMessage };
  }

  #list(schema: JsonSchema, value: readonly unknown[], keys: Keys): unknown {
    if (value.length < (schema.minItems ?? 0)) {
      this.#add(finding('bad-value', this.#rules.place(keys), { keys, rule: schema.errorMessage ?? 'has too few elements', value }));
      return this.#leaveOut(keys);
    }
    // half of an element says something else
    const right = value.flatMap((written, index) => {
      const before = this.leftOut.length;
      const item = this.check(schema.items ?? {}, written, [...keys, index]);
      return this.leftOut.length > before ? [] : [{ index, item }];
    });
    if (right.length < value.length) this.kept.set(JSON.stringify(keys), right.map(({ index }) => index));
    return right.map(({ item }) => item);
  }

  #object(schema: JsonSchema, value: Readonly<Record<string, unknown>>, keys: Keys): unknown {
    const missing = schema.required?.find((key) => !Object.hasOwn(value, key));
    if (missing !== undefined) {
      const path = [...keys, missing];
      this.#add(finding('wrong-type', this.#rules.place(path), { keys: path, expected: typeNames[schema.properties?.[missing]?.type ?? 'string'], value: undefined }));
      return this.#leaveOut(keys);
    }
    const right = Object.entries(value).flatMap(([key, member]) => {
      const checked = this.#member(schema, key, member, [...keys, key]);
      return checked === WRONG ? [] : [[key, checked] as const];
    });
    return Object.fromEntries(right);
  }

  #member(schema: JsonSchema, key: string, value: unknown, keys: Keys): unknown {
    const properties = schema.properties ?? {};
    const own = Object.hasOwn(properties, key) ? properties[key] : schema.additionalProperties;
    if (own === undefined || own === false) return this.#unknownKey(key, keys);
    const rule = schema.propertyNames === undefined ? undefined : brokenRule(schema.propertyNames, key);
    if (rule === undefined) return this.check(own, value, keys);
    this.#add(finding('bad-value', this.#rules.place(keys, 'key'), { keys, rule: `is a key that ${rule}`, value: undefined }));
    return this.#leaveOut(keys);
  }

  #unknownKey(key: string, keys: Keys): symbol {
    const suggestion = this.#rules.suggest(keys.slice(0, -1), key);
    this.#add(finding('unknown-key', this.#rules.place(keys, 'key'), { keys, suggestion }, suggestion && suggestedFix(keys, suggestion)));
    // nor is what was meant missing
    if (suggestion?.key !== undefined) this.#leaveOut([...(suggestion.section ?? keys.slice(0, -1)), suggestion.key]);
    return this.#leaveOut(keys);
  }

  #wrongType(schema: JsonSchema, value: unknown, keys: Keys): unknown {
    const meant = this.#rules.repair?.(schema, value);
    const isMended = meant !== undefined && typeOf(meant) === schema.type && brokenRule(schema, meant) === undefined;
    const fix = isMended ? safely({ kind: 'set', keys, value: meant }) : undefined;
    const place = this.#rules.place(keys);
    const type = schema.type ?? 'string';
    if (type === 'string' && (typeof value === 'number' || typeof value === 'boolean')) {
      const off = value === false && schema.isFlag === true ? safely({ kind: 'remove', keys }) : undefined;
      this.#add(finding('quote-it', place, { keys, value }, isMended ? safely({ kind: 'quote', keys }) : off));
    } else if (type === 'integer' && typeof value === 'number') this.#add(finding('bad-value', place, { keys, rule: 'must be a whole number', value }));
    else this.#add(finding('wrong-type', place, { keys, expected: typeNames[type], value, advice: confusedType(keys, value) }, fix));
    // what was meant may have more to say about
    return isMended ? this.check(schema, meant, keys) : this.#leaveOut(keys);
  }

  #add(item: Finding): void {
    this.findings.push(item);
  }

  #leaveOut(keys: Keys): symbol {
    this.leftOut.push(keys);
    return WRONG;
  }
}

function suggestedFix(keys: Keys, { key, section, isUseless }: Suggestion): Fix | undefined {
  if (isUseless === true) return probably({ kind: 'remove', keys });
  return key === undefined || section !== undefined ? undefined : probably({ kind: 'rename', keys, to: key });
}

/** The rule of a schema that a value of its type breaks, in words. */
function brokenRule(schema: JsonSchema, value: unknown): string | undefined {
  if (typeof value === 'string') {
    const broken = [schema, ...(schema.allOf ?? [])].find(({ pattern }) => pattern !== undefined && !compiled(pattern).test(value));
    if (broken !== undefined) return broken.patternErrorMessage ?? 'has a wrong form';
    const isListed = schema.enum?.includes(value) ?? true;
    return value.length < (schema.minLength ?? 0) || !isListed ? (schema.errorMessage ?? 'has a wrong form') : undefined;
  }
  const isOutside = typeof value === 'number' && (value < (schema.minimum ?? -Infinity) || value > (schema.maximum ?? Infinity));
  return isOutside ? (schema.errorMessage ?? 'is out of range') : undefined;
}

const patterns = new Map<string, RegExp>();

function compiled(pattern: string): RegExp {
  let expression = patterns.get(pattern);
  if (expression === undefined) {
    expression = new RegExp(pattern);
    patterns.set(pattern, expression);
  }
  return expression;
}

function typeOf(value: unknown): JsonSchema['type'] | 'number' | 'null' {
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  if (typeof value === 'string' || typeof value === 'boolean') return typeof value === 'string' ? 'string' : 'boolean';
  return value === null || value instanceof Date || typeof value !== 'object' ? 'null' : 'object';
}
