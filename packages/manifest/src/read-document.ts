import { decodeText } from './decode-text.js';
import { type Finding, type Keys, type Place, safely } from './finding.js';
import { finding } from './findings.js';
import { Places } from './places.js';
import { type JsonNode, type Member } from './syntax/node.js';
import { NodeIndex } from './syntax/node-index.js';
import { type ParsedText, parseText } from './syntax/parse-text.js';
import { type SyntaxProblem } from './syntax/problem.js';

/** A document that was read: its value, and where in the text each key and value is. */
export interface Source {
  readonly value: unknown;
  readonly root: JsonNode;
  /** Whether the value has all that the text says; not so where something in it was no JSON. */
  readonly isWhole: boolean;
  /** Where a key or its value is; for a path that is not in the text, where the nearest object around it begins. */
  readonly place: (keys: Keys, part?: 'key' | 'value') => Place;
}

export const LIMIT_BYTES = 1024 * 1024;
export const LIMIT_DEPTH = 64;
/** After that many, the rest follows from the first ones. */
const MAX_SYNTAX_PROBLEMS = 100;
const BYTE_ORDER_MARK = '\uFEFF';

/**
 * Reads JSON with comments and trailing commas: at most 1 MiB, nested at most 64 deep. Linear in the input. What is no JSON, or no UTF-8, is a
 * finding, and the rest is read; there is no source where nothing of the text could be.
 */
export function readDocument(input: string | Uint8Array, file: string): { source: Source | undefined; findings: readonly Finding[] } {
  const sizeBytes = typeof input === 'string' ? Buffer.byteLength(input) : input.length;
  if (sizeBytes > LIMIT_BYTES) return { source: undefined, findings: [finding('too-large', { file, line: 1, column: 1 }, { sizeBytes, limitBytes: LIMIT_BYTES })] };
  const { text, problem } = typeof input === 'string' ? { text: input, problem: undefined } : decodeText(input);
  // `places` counts without the byte order mark, as editors do
  const mark = text.startsWith(BYTE_ORDER_MARK) ? 1 : 0;
  const body = text.slice(mark);
  const places = new Places(body, file);
  const parsed = parseText(body, { limitDepth: LIMIT_DEPTH, lines: places });
  const encoding = problem === undefined ? [] : [syntaxFinding({ ...problem, start: problem.start - mark, end: problem.end - mark }, places, mark)];
  const findings = [...encoding, ...textFindings(parsed, places, mark)];
  const { root, isWhole } = parsed;
  if (root === undefined) return { source: undefined, findings };

  const index = new NodeIndex(root);
  const value = valueOf(root, [], { text: body, places, findings, mark });
  const place: Source['place'] = (keys, part = 'value') => {
    const { start, end } = index.span(keys, part);
    return { ...places.at(start, end), keys };
  };
  return { source: { value, root, isWhole, place }, findings };
}

function textFindings({ problems, tooDeepAt }: ParsedText, places: Places, mark: number): Finding[] {
  const findings = mark === 0 ? [] : [finding('byte-order-mark', places.at(0), {}, safely({ kind: 'replace', start: 0, end: 1, text: '' }))];
  if (tooDeepAt !== undefined) return [...findings, finding('too-deep', places.at(tooDeepAt, tooDeepAt + 1), { limit: LIMIT_DEPTH })];
  return [...findings, ...problems.filter(({ isEcho }) => isEcho !== true).slice(0, MAX_SYNTAX_PROBLEMS).map((problem) => syntaxFinding(problem, places, mark))];
}

function syntaxFinding({ start, end, problem, advice, edits }: SyntaxProblem, places: Places, mark: number): Finding {
  const changes = edits?.map((edit) => ({ kind: 'replace' as const, start: edit.start + mark, end: edit.end + mark, text: edit.text }));
  return finding('syntax', places.at(start, end), { problem, advice }, changes && safely(...changes));
}

interface Reading {
  readonly text: string;
  readonly places: Places;
  readonly findings: Finding[];
  readonly mark: number;
}

/** The plain value of a node; what cannot be in an image, or has two meanings, becomes a finding. */
function valueOf(node: JsonNode, keys: Keys, reading: Reading): unknown {
  const { places, findings } = reading;
  if (node.kind === 'list') return node.items.flatMap((item, index) => (item.node === undefined ? [] : [valueOf(item.node, [...keys, index], reading)]));
  if (node.kind === 'plain') {
    const problem = typeof node.value === 'string' ? unwritable(node.value) : undefined;
    if (problem !== undefined) findings.push(finding('bad-text', { ...places.at(node.start, node.end), keys }, { keys, problem }));
    return node.value;
  }
  const value: Record<string, unknown> = {};
  const first = new Map<string, Member>();
  for (const member of node.members) {
    const path = [...keys, member.key];
    const place = { ...places.at(member.keyStart, member.keyEnd), keys: path };
    const earlier = first.get(member.key);
    const problem = unwritable(member.key);
    if (problem !== undefined) findings.push(finding('bad-text', place, { keys: path, problem }));
    if (earlier !== undefined) findings.push(duplicateKey(member, earlier, path, reading));
    first.set(member.key, earlier ?? member);
    if (member.node === undefined) continue;
    const content = valueOf(member.node, path, reading);
    // an assignment to `__proto__` would not make a key
    if (earlier === undefined) Object.defineProperty(value, member.key, { value: content, enumerable: true, configurable: true, writable: true });
  }
  return value;
}

function duplicateKey(member: Member, earlier: Member, path: Keys, { places, text, mark }: Reading): Finding {
  const written = ({ node }: Member): string | undefined => node && text.slice(node.start, node.end);
  const isSame = member.node !== undefined && written(member) === written(earlier);
  const place = { ...places.at(member.keyStart, member.keyEnd), keys: path };
  const fix = isSame ? safely({ kind: 'remove', keys: path, start: member.keyStart + mark }) : undefined;
  return finding('duplicate-key', place, { keys: path, firstLine: places.line(earlier.keyStart), isSame }, fix);
}

function unwritable(text: string): string | undefined {
  if (text === '__proto__') return 'a name that means something else to JavaScript';
  if (text.includes('\0')) return 'a NUL character';
  return !/\p{Surrogate}/u.test(text) ? undefined : 'half of a surrogate pair (`\\ud800` to `\\udfff`)';
}
