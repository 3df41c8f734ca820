import { type JsonValue } from '../finding.js';
import { countLeading } from '../syntax/count-leading.js';

/** How a document is written: what a change of it should look like. */
export class Layout {
  readonly text: string;
  readonly lineEnd: string;
  readonly #unit: string;
  readonly #isOneLine: boolean;
  readonly #lineStarts: readonly number[];

  constructor(text: string) {
    this.text = text;
    this.lineEnd = text.includes('\r\n') ? '\r\n' : '\n';
    // the first line inside the document's braces
    const indented = /\n([ \t]+)\S/g;
    indented.lastIndex = Math.max(0, text.indexOf('{'));
    this.#unit = indented.exec(text)?.[1] ?? '  ';
    this.#isOneLine = !text.trim().includes('\n');
    this.#lineStarts = [0, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)];
  }

  /** The blanks at the beginning of the line of an offset. */
  indentAt(offset: number): string {
    const blanks = /[ \t]*/y;
    blanks.lastIndex = this.lineStart(offset);
    return (blanks.exec(this.text)?.[0] ?? '').slice(0, offset - this.lineStart(offset));
  }

  lineStart(offset: number): number {
    return this.#lineStarts[countLeading(this.#lineStarts, (start) => start <= offset) - 1] ?? 0;
  }

  /** The offset behind what only blanks and a comment separate from the end of its line; undefined where something else follows. */
  endOfLine(offset: number): number | undefined {
    const pattern = /[ \t]*(\/\/[^\r\n]*|\/\*[^\r\n]*?\*\/[ \t]*)?(?=\r?\n|$)/y;
    pattern.lastIndex = offset;
    return pattern.test(this.text) ? pattern.lastIndex : undefined;
  }

  /** A value as this document would write it, in a line that begins with `indent`. */
  format(value: JsonValue, indent: string): string {
    if (this.#isOneLine || typeof value !== 'object' || value === null) return inline(value);
    return JSON.stringify(value, null, this.#unit).replaceAll('\n', `${this.lineEnd}${indent}`);
  }

  /** An object with one member, around text for it. */
  around(open: string, member: string, close: string, indent: string): string {
    if (this.#isOneLine) return `${open} ${member} ${close}`;
    return `${open}${this.lineEnd}${indent}${this.#unit}${member}${this.lineEnd}${indent}${close}`;
  }

  /** The indent of members of an object that begins in a line with this one. */
  inner(indent: string): string {
    return this.#isOneLine ? indent : indent + this.#unit;
  }
}

function inline(value: JsonValue): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(inline).join(', ')}]`;
  const members = Object.entries(value).map(([key, member]: [string, JsonValue]) => `${JSON.stringify(key)}: ${inline(member)}`);
  return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`;
}
