import { shorten } from '../keys.js';
import { type SyntaxProblem } from './problem.js';
import { QUOTES, scanString } from './scan-string.js';

export type TokenKind = '{' | '}' | '[' | ']' | ':' | ',' | 'string' | 'number' | 'word' | 'end';

/** A piece of a text. A `word` is anything that is no JSON: a name without quotes, `True`, `0x10`. */
export interface Token {
  readonly kind: TokenKind;
  readonly start: number;
  readonly end: number;
  /** Of a string or a number. */
  readonly value?: string | number;
  /** Its end is missing, and what follows may belong to it. */
  readonly isCut?: boolean;
}

export interface Scanned {
  readonly tokens: readonly Token[];
  readonly problems: SyntaxProblem[];
  /** Where the text is nested deeper than the limit; nothing is read from there on. */
  readonly tooDeepAt: number | undefined;
}

const NUMBER = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/;
/** What a name without quotes, or a number, goes on with. */
const WORD = /[^\s\0{}[\]:,"'“”„‟‘’‚‛«»/#`\u00A0]+|./sy;
const FENCE = /(```|~~~)(?:[ \t]*[\w+-]*[ \t]*(?:\r?\n|$))?/y;
/** The lines that git leaves around two versions of a text (git merge-file). */
const CONFLICT = /^(<{7}|\|{7}|={7}|>{7})(?![^ \r\n])[^\r\n]*/my;
const BLANK = /[ \t\r\n\uFEFF]+/y;
const NULS = /\0+/y;
const NO_BREAK_SPACES = /\u00A0+/y;
const LINE_COMMENT = /[^\r\n]*/y;

/** Cuts a text into tokens, past comments and past what people leave around JSON. Linear in the text. */
export function scan(text: string, limitDepth: number): Scanned {
  const tokens: Token[] = [];
  const problems: SyntaxProblem[] = [];
  let depth = 0;
  let at = 0;
  const match = (pattern: RegExp): number => {
    pattern.lastIndex = at;
    return pattern.test(text) ? pattern.lastIndex : at;
  };
  while (at < text.length) {
    const char = text[at] ?? '';
    const blank = match(BLANK);
    if (blank > at) at = blank;
    else if ('{}[]:,'.includes(char)) {
      if (char === '{' || char === '[') depth += 1;
      else if (char === '}' || char === ']') depth -= 1;
      if (depth > limitDepth) return { tokens, problems, tooDeepAt: at };
      tokens.push({ kind: char as TokenKind, start: at, end: at + 1 });
      at += 1;
    } else if (QUOTES.has(char)) {
      const string = scanString(text, at, problems);
      tokens.push(string);
      at = string.end;
    } else if (text.startsWith('//', at)) at = match(LINE_COMMENT);
    else if (text.startsWith('/*', at)) {
      const close = text.indexOf('*/', at + 2);
      if (close === -1) problems.push({ start: at, end: at + 2, problem: 'Expected `*/` to close the comment, found the end of the file', advice: 'Write `*/` where the comment ends.' });
      at = close === -1 ? text.length : close + 2;
    } else if (char === '#') {
      problems.push({ start: at, end: at + 1, problem: 'Expected JSON, found `#`', advice: 'Begin comments with `//`.', ...(isBlank(text[at - 1]) ? { edits: [{ start: at, end: at + 1, text: '//' }] } : {}) });
      at = match(LINE_COMMENT);
    } else if (char === '\0' || char === '\u00A0') {
      const end = match(char === '\0' ? NULS : NO_BREAK_SPACES);
      problems.push(strayCharacter(text, at, end));
      at = end;
    } else if (match(CONFLICT) > at) {
      const end = match(CONFLICT);
      problems.push({ start: at, end, problem: `Expected JSON, found \`${shorten(text.slice(at, end).trimEnd())}\``, advice: 'Keep one of the two versions, and remove the lines of the merge conflict.' });
      at = end;
    } else if (match(FENCE) > at) {
      const end = match(FENCE);
      problems.push(fence(text, at, end));
      at = end;
    } else {
      const end = match(WORD);
      tokens.push(word(text, at, end));
      at = end;
    }
  }
  tokens.push({ kind: 'end', start: text.length, end: text.length });
  return { tokens, problems, tooDeepAt: undefined };
}

/** Whether a `#` behind it begins a comment. */
function isBlank(char: string | undefined): boolean {
  return char === undefined || /[\s,{}[\]]/.test(char);
}

function word(text: string, start: number, end: number): Token {
  const found = text.slice(start, end);
  return NUMBER.test(found) ? { kind: 'number', start, end, value: Number(found) } : { kind: 'word', start, end };
}

function fence(text: string, start: number, end: number): SyntaxProblem {
  return {
    start,
    end: start + text.slice(start, end).trimEnd().length,
    problem: `Expected JSON, found \`${shorten(text.slice(start, end).trim())}\``,
    advice: 'Remove the lines of the Markdown fence around the JSON.',
    edits: [{ start, end, text: '' }],
  };
}

function strayCharacter(text: string, start: number, end: number): SyntaxProblem {
  const isNul = text[start] === '\0';
  const problem = `Expected JSON, found ${isNul ? 'a NUL character' : 'a no-break space'}`;
  // a text that was read as UTF-8 and is not
  if (isNul && text.startsWith('\uFFFD')) return { start, end, problem, advice: 'The file is UTF-16: save it as UTF-8.' };
  return { start, end, problem, advice: isNul ? 'Take it out.' : 'Put a plain space in its place.', edits: [{ start, end, text: isNul ? '' : ' ' }] };
}
