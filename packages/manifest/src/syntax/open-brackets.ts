import { type Lines, Indentation } from './indentation.js';
import { type Token } from './scan.js';

/** An object or list that is open. */
interface Open extends Token {
  /** How far its line is indented, and its first member, where that begins a line of its own. */
  readonly indent: number;
  readonly inner: number | undefined;
}

/** The brackets that are open, innermost last. */
export class OpenBrackets {
  readonly #open: Open[] = [];
  readonly #indentation: Indentation;

  constructor(text: string, lines: Lines) {
    this.#indentation = new Indentation(text, lines);
  }

  push(bracket: Token, first: Token): void {
    this.#open.push({ ...bracket, indent: this.#indentation.ofLine(bracket.start), inner: this.#indentation.ofOwnLine(first.start) });
  }

  pop(): void {
    this.#open.pop();
  }

  /** Whether no more than one is open. */
  get isOutermost(): boolean {
    return this.#open.length < 2;
  }

  has(opening: '{' | '['): boolean {
    return this.#open.some(({ kind }) => kind === opening);
  }

  /** Whether a bracket closes one around the innermost. */
  closesOuter(closing: '}' | ']'): boolean {
    const opening = closing === '}' ? '{' : '[';
    return this.#open.slice(0, -1).some(({ kind }) => kind === opening);
  }

  /** Whether a key stands as far out as what is around the innermost object, although the object's own keys stand further in, or on the line of its brace. */
  isKeyOfOuter(key: Token): boolean {
    const around = this.#open.at(-1);
    if (around === undefined || this.isOutermost) return false;
    // a text without any indentation tells nothing
    if (around.inner === undefined ? around.indent === 0 : around.inner <= around.indent) return false;
    const own = this.#indentation.ofOwnLine(key.start);
    return own !== undefined && own <= around.indent;
  }
}
