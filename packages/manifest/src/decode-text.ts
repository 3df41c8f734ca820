import { isUtf8 } from 'node:buffer';
import { type SyntaxProblem } from './syntax/problem.js';

export interface DecodedText {
  /** In case of a byte that is none of a text, with U+FFFD in its place: to be read on, and never to be written back. */
  readonly text: string;
  /** What is wrong with the bytes: offsets are those of `text`. */
  readonly problem: SyntaxProblem | undefined;
  /** Whether the text is the whole of what the bytes say. */
  readonly isLossless: boolean;
}

/** The text of a file that should be UTF-8. What is UTF-16 by its byte order mark is read as that. A byte order mark of UTF-8 stays in the text. */
export function decodeText(bytes: Uint8Array): DecodedText {
  if (isUtf8(bytes)) return { text: decode('utf-8', bytes), problem: undefined, isLossless: true };
  const utf16 = bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : undefined;
  if (utf16 !== undefined && bytes.length % 2 === 0) {
    const text = decode(utf16, bytes.subarray(2));
    return { text, problem: { start: 0, end: 0, problem: 'Expected UTF-8, found UTF-16', advice: 'Save the file as UTF-8.' }, isLossless: !text.includes(REPLACEMENT) };
  }
  const text = decode('utf-8', bytes);
  const { at, byte } = firstWrongByte(bytes, text);
  const problem = `Expected UTF-8, found the byte 0x${byte.toString(16).padStart(2, '0')}`;
  return { text, problem: { start: at, end: at + 1, problem, advice: 'Save the file as UTF-8.' }, isLossless: false };
}

const REPLACEMENT = '\uFFFD';

function decode(encoding: string, bytes: Uint8Array): string {
  return new TextDecoder(encoding, { ignoreBOM: true }).decode(bytes);
}

/** Where the text has the first U+FFFD that the bytes have not, and the byte that it stands for. */
function firstWrongByte(bytes: Uint8Array, text: string): { at: number; byte: number } {
  let at = text.indexOf(REPLACEMENT);
  let offset = Buffer.byteLength(text.slice(0, at));
  // those that are written as such are passed over
  while (bytes[offset] === 0xef && bytes[offset + 1] === 0xbf && bytes[offset + 2] === 0xbd) {
    const next = text.indexOf(REPLACEMENT, at + 1);
    offset += Buffer.byteLength(text.slice(at, next));
    at = next;
  }
  return { at, byte: bytes[offset] ?? 0 };
}
