import { type Finding, type Keys, safely } from '../finding.js';
import { finding } from '../findings.js';
import { type CheckRules } from './check-value.js';
import { type JsonSchema, resolveRef } from './json-schema.js';

/** A path of the straightened value, and where the text has it. */
export interface Alias {
  readonly meant: Keys;
  readonly written: Keys;
}

/** The path in the text of a path of the straightened value. */
export function writtenPath(aliases: readonly Alias[], keys: Keys): Keys {
  // a later alias may lie inside an earlier one
  return aliases.reduceRight((path, { meant, written }) => (meant.every((key, index) => key === path[index]) ? [...written, ...path.slice(meant.length)] : path), keys);
}

/**
 * Puts members whose key is certain to mean another under that key, or into the section where it belongs, so that they can be checked like the
 * others. Each is a finding. A key that is there already is left to it.
 */
export function straighten(root: JsonSchema, input: unknown, rules: CheckRules): { value: unknown; findings: Finding[]; aliases: Alias[] } {
  const findings: Finding[] = [];
  const aliases: Alias[] = [];
  let value = input;
  const visit = (schema: JsonSchema, object: Readonly<Record<string, unknown>>, keys: Keys): void => {
    const unknown = schema.additionalProperties === false ? Object.keys(object).filter((key) => !Object.hasOwn(schema.properties ?? {}, key)) : [];
    const meant = unknown.map((written) => ({ written, ...rules.suggest(keys, written) })).filter(({ isSure }) => isSure === true);
    // what is of this section first: a section must not be made for a key while it is there under another name
    for (const { written, key, section } of [...meant.filter((one) => one.section === undefined), ...meant.filter((one) => one.section !== undefined)]) {
      if (key === undefined) continue;
      const target = [...(section ?? keys), key];
      // the input is left as it is; one copy does for all
      if (value === input) value = structuredClone(input);
      if (!moveMember(value, [...keys, written], target)) continue;
      const fix = safely(section === undefined ? { kind: 'rename', keys: [...keys, written], to: key } : { kind: 'move', keys: [...keys, written], to: target });
      const path = [...keys, written];
      const place = rules.place(writtenPath(aliases, path), 'key');
      findings.push(finding('unknown-key', place, { keys: path, suggestion: rules.suggest(keys, written) }, fix));
      aliases.push({ meant: target, written: path });
    }
    for (const [key, member] of Object.entries(schema.properties ?? {})) {
      const inner = at(value, [...keys, key]);
      if (isObject(inner)) visit(resolveRef(root, member), inner, [...keys, key]);
    }
  };
  if (isObject(input)) visit(root, input, []);
  return { value, findings, aliases };
}

/** Puts a member elsewhere, and says whether it could: not where that place is taken, or is in no object. */
function moveMember(value: unknown, from: Keys, to: Keys): boolean {
  const source = at(value, from.slice(0, -1));
  const sectionKey = to.at(-2);
  if (isObject(value) && to.length === 2 && sectionKey !== undefined && value[sectionKey] === undefined) value[sectionKey] = {};
  const target = at(value, to.slice(0, -1));
  const [key, newKey] = [String(from.at(-1)), String(to.at(-1))];
  if (!isObject(source) || !isObject(target) || Object.hasOwn(target, newKey)) return false;
  target[newKey] = source[key];
  Reflect.deleteProperty(source, key);
  return true;
}

function at(value: unknown, keys: Keys): unknown {
  return keys.reduce((found: unknown, key) => (isObject(found) && Object.hasOwn(found, key) ? found[key] : undefined), value);
}

function isObject(value: unknown): value is Record<string | number, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
