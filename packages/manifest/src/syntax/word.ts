import { shorten } from '../keys.js';
import { type PlainNode } from './node.js';
import { type SyntaxProblem } from './problem.js';
import { type Token } from './scan.js';

/** What people write for `true`, `false` and `null`. */
const LITERALS: Readonly<Record<string, boolean | null>> = { true: true, false: false, null: null };
/** A name or a path without quotes, of which it is clear where it begins and ends. */
const PLAIN_WORD = /^[\w%@+./~-]+$/;

export function isLiteral(word: string): boolean {
  return Object.hasOwn(LITERALS, word);
}

/** The value that a word stands for: itself, where it is no literal. None of `04`, `1.` and `+5`, where there is no telling what is meant. */
export function readWord(text: string, { start, end }: Token): { readonly node: PlainNode | undefined; readonly problem: SyntaxProblem | undefined } {
  const found = text.slice(start, end);
  if (/^[-+]?[\d._]+$/.test(found)) {
    const advice = 'Write it without zeros before it and with a digit on both sides of the point; a text goes into double quotes.';
    return { node: undefined, problem: { start, end, problem: `Expected a number, found \`${shorten(found)}\``, advice } };
  }
  const literal = isLiteral(found) ? LITERALS[found] : undefined;
  if (literal !== undefined) return { node: { kind: 'plain', start, end, value: literal }, problem: undefined };
  const meant = /^(true|false|none|null|undefined|nil)$/i.test(found) ? (LITERALS[found.toLowerCase()] ?? null) : found;
  const written = JSON.stringify(meant);
  const advice = meant === found ? 'Put it in double quotes.' : `Write \`${written}\`.`;
  const edits = PLAIN_WORD.test(found) ? [{ start, end, text: written }] : undefined;
  return { node: { kind: 'plain', start, end, value: meant }, problem: { start, end, problem: `Expected a value, found \`${shorten(found)}\``, advice, edits } };
}

/** A key without quotes. */
export function unquotedKey({ start, end }: Token, key: string): SyntaxProblem {
  const edits = PLAIN_WORD.test(key) ? [{ start, end, text: JSON.stringify(key) }] : undefined;
  return { start, end, problem: `Expected a key in double quotes, found \`${shorten(key)}\``, advice: 'Put it in double quotes.', edits };
}
