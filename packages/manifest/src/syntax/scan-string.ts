import { type SyntaxProblem } from './problem.js';
import { type Token } from './scan.js';

/** What closes a string that begins with a quote: those of text processors are often mixed up. */
const CLOSING: Readonly<Record<string, string>> = { '"': '"', "'": "'", ...closedBy(['“', '”', '„', '‟'], '“”‟'), ...closedBy(['‘', '’', '‚', '‛'], '‘’‛'), ...closedBy(['«', '»'], '«»') };
export const QUOTES: ReadonlySet<string> = new Set(Object.keys(CLOSING));
const ESCAPES: Readonly<Record<string, string>> = { '"': '"', '\\': '\\', '/': '/', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

function closedBy(openings: readonly string[], closings: string): Readonly<Record<string, string>> {
  return Object.fromEntries(openings.map((opening) => [opening, closings]));
}

/** Reads the string that begins at `start`, in whatever quotes; never past the end of its line. */
export function scanString(text: string, start: number, problems: SyntaxProblem[]): Token {
  const quote = text[start] ?? '"';
  const closing = CLOSING[quote] ?? quote;
  const pieces: string[] = [];
  let from = start + 1;
  for (let at = from; ; at += 1) {
    const char = text[at];
    if (char === undefined || char === '\n' || char === '\r') {
      problems.push({ start, end: at, problem: 'Expected `"` to close the text before the end of the line', advice: 'Write `"` where it ends; a line break in it is written `\\n`.' });
      return { kind: 'string', start, end: at, value: pieces.join('') + text.slice(from, at), isCut: true };
    }
    if (closing.includes(char)) {
      const value = pieces.join('') + text.slice(from, at);
      if (quote !== '"') problems.push(otherQuotes(text, start, at + 1, value));
      return { kind: 'string', start, end: at + 1, value };
    }
    if (char === '\\') {
      pieces.push(text.slice(from, at));
      const escape = scanEscape(text, at);
      if (escape.value === undefined) problems.push(badEscape(text, at));
      pieces.push(escape.value ?? '');
      at = escape.end - 1;
      from = escape.end;
    } else if (char < ' ' && char !== '\0') problems.push(controlCharacter(char, at));
  }
}

function scanEscape(text: string, at: number): { value: string | undefined; end: number } {
  const char = text[at + 1] ?? '';
  if (char === 'u') {
    const digits = text.slice(at + 2, at + 6);
    if (/^[\da-fA-F]{4}$/.test(digits)) return { value: String.fromCharCode(Number.parseInt(digits, 16)), end: at + 6 };
    return { value: undefined, end: at + 2 };
  }
  // a backslash at the end of a line does not take the line's end with it
  const value = ESCAPES[char];
  return { value, end: value === undefined && /^[\r\n]?$/.test(char) ? at + 1 : at + 2 };
}

function badEscape(text: string, at: number): SyntaxProblem {
  if (text[at + 1] === 'u') return { start: at, end: at + 2, problem: 'Expected four hexadecimal digits after `\\u`', advice: 'Write `\\\\` for a backslash.' };
  return { start: at, end: at + 2, problem: `Expected one of \`"\\/bfnrtu\` after \`\\\`, found \`${text.slice(at, at + 2)}\``, advice: 'Write `\\\\` for a backslash.' };
}

function controlCharacter(char: string, at: number): SyntaxProblem {
  const written = JSON.stringify(char).slice(1, -1);
  return {
    start: at,
    end: at + 1,
    problem: `Expected text, found ${char === '\t' ? 'a tab' : 'a control character'}`,
    advice: `Write it as \`${written}\`.`,
    edits: [{ start: at, end: at + 1, text: written }],
  };
}

/** What follows a value. */
const BEHIND = /[ \t]*(?:[,:}\]\r\n]|\/[/*]|$)/y;

function otherQuotes(text: string, start: number, end: number, value: string): SyntaxProblem {
  BEHIND.lastIndex = end;
  // `'it's'`, `“a "b" c”`: where it ends is a guess
  const isClear = BEHIND.test(text) && (text[start] === "'" || !value.includes('"'));
  return {
    start,
    end,
    // without the text itself, which may be a secret
    problem: `Expected double quotes, found ${text[start] === "'" ? 'single' : 'typographic'} quotes`,
    advice: 'Use double quotes.',
    ...(isClear ? { edits: [{ start, end, text: JSON.stringify(value) }] } : {}),
  };
}
