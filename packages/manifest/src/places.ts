import { type Place } from './finding.js';

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

  /** The line of an offset, by halving. */
  line(offset: number): number {
    let low = 0;
    let high = this.#lineStarts.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((this.#lineStarts[middle] ?? Infinity) <= offset) low = middle;
      else high = middle;
    }
    return low + 1;
  }

  #column(offset: number, line: number): number {
    return offset - (this.#lineStarts[line - 1] ?? 0) + 1;
  }
}
