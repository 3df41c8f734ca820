import jsonc, { type Node, type ParseError } from 'jsonc-parser';
import { type Finding, type Keys, type Place } from './finding.js';
import { finding } from './findings.js';
import { Places } from './places.js';
import { describeSyntaxError } from './syntax-errors.js';

/** A document that was read: its value, and where in the text each key and value is. */
export interface Source {
  readonly value: unknown;
  /** Where a key or its value is; for a path that is not in the text, where the nearest object around it is. */
  readonly place: (keys: Keys, part?: 'key' | 'value') => Place;
}

const LIMIT_BYTES = 1024 * 1024;
const LIMIT_DEPTH = 64;
/** After that many, the rest follows from the first ones. */
const MAX_SYNTAX_ERRORS = 10;

/**
 * Reads JSON with comments, trailing commas and a byte order mark: at most 1 MiB, nested at most 64 deep. Linear in the input.
 * There is no source where the text has no single meaning: findings say why.
 */
export function readJsonc(text: string, file: string): { source: Source | undefined; findings: readonly Finding[] } {
  // `places` counts without the byte order mark, as editors do
  const body = text.startsWith('\uFEFF') ? text.slice(1) : text;
  const places = new Places(body, file);
  const fail = (...findings: Finding[]): { source: undefined; findings: Finding[] } => ({ source: undefined, findings });

  const sizeBytes = Buffer.byteLength(text);
  if (sizeBytes > LIMIT_BYTES) return fail(finding('too-large', { file }, { sizeBytes, limitBytes: LIMIT_BYTES }));
  // the parser is recursive: what is too deep must not reach it
  const tooDeepAt = offsetBelow(body, LIMIT_DEPTH);
  if (tooDeepAt !== undefined) return fail(finding('too-deep', places.at(tooDeepAt), { limit: LIMIT_DEPTH }));

  const errors: ParseError[] = [];
  const root = jsonc.parseTree(body, errors, { allowTrailingComma: true });
  if (root === undefined || errors.length > 0) return fail(...syntaxFindings(body, errors, places));

  const findings: Finding[] = [];
  const value = valueOf(root, [], places, findings);
  return { source: { value, place: (keys, part = 'value') => ({ ...places.at(offsetOf(root, keys, part)), keys }) }, findings };
}

/** One finding a line: the later ones of a line follow from its first. */
function syntaxFindings(text: string, errors: readonly ParseError[], places: Places): Finding[] {
  const findings = new Map<number | undefined, Finding>();
  for (const error of errors) {
    const place = places.at(error.offset);
    if (!findings.has(place.line)) findings.set(place.line, finding('syntax', place, describeSyntaxError(text, error)));
    if (findings.size === MAX_SYNTAX_ERRORS) break;
  }
  return [...findings.values()];
}

/** Where the text is nested deeper than `limit`, if it is. */
function offsetBelow(text: string, limit: number): number | undefined {
  const scanner = jsonc.createScanner(text, true);
  for (let depth = 0; ; ) {
    scanner.scan();
    const offset = scanner.getTokenOffset();
    if (offset >= text.length) return undefined;
    const start = text[offset];
    if (start === '{' || start === '[') depth += 1;
    else if (start === '}' || start === ']') depth -= 1;
    if (depth > limit) return offset;
  }
}

/** The plain value of a node; what cannot be in an image, or has two meanings, becomes a finding. */
function valueOf(node: Node, keys: Keys, places: Places, findings: Finding[]): unknown {
  const place = (): Place => ({ ...places.at(node.offset), keys });
  if (node.type === 'array') return (node.children ?? []).map((child, index) => valueOf(child, [...keys, index], places, findings));
  if (node.type !== 'object') {
    const problem = typeof node.value === 'string' ? unwritable(node.value) : undefined;
    if (problem !== undefined) findings.push(finding('bad-text', place(), { keys, problem }));
    return node.value;
  }
  const value: Record<string, unknown> = {};
  const first = new Map<string, Node>();
  for (const { key, keyNode, valueNode } of propertiesOf(node)) {
    const path = [...keys, key];
    const keyPlace = { ...places.at(keyNode.offset), keys: path };
    const earlier = first.get(key);
    const problem = unwritable(key);
    if (problem !== undefined) findings.push(finding('bad-text', keyPlace, { keys: path, problem }));
    if (earlier !== undefined) findings.push(finding('duplicate-key', keyPlace, { keys: path, firstLine: places.line(earlier.offset) }));
    first.set(key, earlier ?? keyNode);
    const member = valueOf(valueNode, path, places, findings);
    // an assignment to `__proto__` would not make a key
    if (earlier === undefined) Object.defineProperty(value, key, { value: member, enumerable: true, configurable: true, writable: true });
  }
  return value;
}

function unwritable(text: string): string | undefined {
  if (text === '__proto__') return 'a name that means something else to JavaScript';
  if (text.includes('\0')) return 'a NUL character';
  return !/\p{Surrogate}/u.test(text) ? undefined : 'half of a surrogate pair (`\\ud800` to `\\udfff`)';
}

function propertiesOf(node: Node): { key: string; keyNode: Node; valueNode: Node }[] {
  return (node.children ?? []).flatMap(({ children: [keyNode, valueNode] = [] }) =>
    // the value of a property's first child is its key, and a text without syntax errors has both
    keyNode === undefined || valueNode === undefined ? [] : [{ key: keyNode.value as string, keyNode, valueNode }],
  );
}

/** Where a path is; the key itself or its value. */
function offsetOf(root: Node, keys: Keys, part: 'key' | 'value'): number {
  let node = root;
  for (const [index, key] of keys.entries()) {
    if (typeof key === 'number') {
      const element = node.children?.[key];
      if (node.type !== 'array' || element === undefined) return node.offset;
      node = element;
    } else {
      const property = node.type === 'object' ? propertyIndex(node).get(key) : undefined;
      if (property === undefined) return node.offset;
      if (part === 'key' && index === keys.length - 1) return property.keyNode.offset;
      node = property.valueNode;
    }
  }
  return node.offset;
}

type Property = ReturnType<typeof propertiesOf>[number];
const propertyIndexes = new WeakMap<Node, ReadonlyMap<string, Property>>();

/** The properties of an object by key, remembered: thousands of findings in one object stay cheap. */
function propertyIndex(node: Node): ReadonlyMap<string, Property> {
  let index = propertyIndexes.get(node);
  if (index === undefined) {
    index = new Map(propertiesOf(node).reverse().map((property) => [property.key, property]));
    propertyIndexes.set(node, index);
  }
  return index;
}
