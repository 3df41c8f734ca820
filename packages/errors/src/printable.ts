/**
 * C0, DEL and C1 begin what a terminal obeys; line and paragraph separators, and what turns the direction of text or is not seen at
 * all, make it read as something else (Unicode's Bidi_Control, and the marks of UTS 39 that no sentence needs).
 */
const UNPRINTABLE = /[\u0000-\u001F\u007F-\u009F\u00AD\u061C\u180E\u200B-\u200F\u2028-\u202E\u2060-\u206F\uFEFF\uFFF9-\uFFFB]/g;

/**
 * Text of others (file names, what a program or a manifest says) in one line that no terminal obeys and that reads as what it is:
 * other characters are shown as in a string of JavaScript, e.g. `\x1b` or `\u202e`. Text without them is unchanged.
 */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, (character) => SHORT[character] ?? escape(character.charCodeAt(0)));
}

/** The same for text of several lines, which keep their ends and tabs. */
export function printableLines(text: string): string {
  return text.replaceAll('\r\n', '\n').replace(UNPRINTABLE, (character) => (character === '\n' || character === '\t' ? character : printable(character)));
}

const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

function escape(code: number): string {
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`;
}
