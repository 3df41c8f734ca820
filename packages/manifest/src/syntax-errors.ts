import jsonc, { type ParseError } from 'jsonc-parser';
import { shorten } from './keys.js';

/** What is said of each of jsonc-parser's errors. */
const problems: Readonly<Record<string, string>> = {
  InvalidSymbol: 'Expected JSON',
  InvalidNumberFormat: 'Expected a number',
  PropertyNameExpected: 'Expected a key in double quotes',
  ValueExpected: 'Expected a value',
  ColonExpected: 'Expected `:` after the key',
  CommaExpected: 'Expected `,` before the next value',
  CloseBraceExpected: 'Expected `}` to close the object',
  CloseBracketExpected: 'Expected `]` to close the list',
  EndOfFileExpected: 'Expected the end of the file',
  InvalidCommentToken: 'Comments are not allowed here',
  UnexpectedEndOfComment: 'Expected `*/` to close the comment',
  UnexpectedEndOfString: 'Expected `"` to close the text before the end of the line',
  UnexpectedEndOfNumber: 'Expected the rest of a number',
  InvalidUnicode: 'Expected four hexadecimal digits after `\\u`',
  InvalidEscapeCharacter: 'Expected one of `"\\/bfnrtu` after `\\`',
  InvalidCharacter: 'Line breaks and tabs are written `\\n` and `\\t` in a text',
};

/** A sentence on a syntax error, and what to do about the common ones. */
export function describeSyntaxError(text: string, error: ParseError): { problem: string; advice?: string } {
  const expected = problems[jsonc.printParseErrorCode(error.error)] ?? 'Expected JSON';
  const found = text.slice(error.offset, error.offset + error.length);
  const problem = `${expected}, found ${found === '' ? 'the end of the file' : `\`${shorten(found)}\``}`;
  if (found.startsWith('```') || found.startsWith('~~~')) return { problem, advice: 'Remove the lines of the Markdown fence around the JSON.' };
  if (found.startsWith("'")) return { problem, advice: 'Use double quotes.' };
  return { problem };
}
