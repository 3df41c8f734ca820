import { type Place } from './finding.js';
import { countLeading } from './syntax/count-leading.js';

/** Lines and columns of a text, from 1. A line ends at LF, CR LF or CR, as in editors. */
export class Places {
  readonly #file: string;
  readonly #lineStarts: readonly number[];

  constructor(text: string, file: string) {
    this.#file = file;
    this.#lineStarts = [0, ...[...text.matchAll(/\r\n|\r|\n/g)].map((match) => match.index + match[0].length)];
  }

  /** The place from one offset to before another. */
  at(start: number, end = start): Place {
    const line = this.line(start);
    const endLine = this.line(end);
    return { file: this.#file, line, column: this.#column(start, line), endLine, endColumn: this.#column(end, endLine) };
  }

  line(offset: number): number {
    return Math.max(1, countLeading(this.#lineStarts, (start) => start <= offset));
  }

  /** Where the line of an offset begins. */
  lineStart(offset: number): number {
    return this.#lineStarts[this.line(offset) - 1] ?? 0;
  }

  #column(offset: number, line: number): number {
    return offset - (this.#lineStarts[line - 1] ?? 0) + 1;
  }
}
