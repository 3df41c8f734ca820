/** The line of an offset, from 1, and where it begins. */
export interface Lines {
  line(offset: number): number;
  lineStart(offset: number): number;
}

const BLANKS = /[ \t]*/y;

/** How far the lines of a text are indented. */
export class Indentation {
  readonly #text: string;
  readonly #lines: Lines;

  constructor(text: string, lines: Lines) {
    this.#text = text;
    this.#lines = lines;
  }

  /** Of the line of an offset. */
  ofLine(offset: number): number {
    BLANKS.lastIndex = this.#lines.lineStart(offset);
    return BLANKS.exec(this.#text)?.[0].length ?? 0;
  }

  /** Of what stands at an offset, if it begins its line and not the text. */
  ofOwnLine(offset: number): number | undefined {
    const start = this.#lines.lineStart(offset);
    return start > 0 && start + this.ofLine(offset) === offset ? offset - start : undefined;
  }
}
