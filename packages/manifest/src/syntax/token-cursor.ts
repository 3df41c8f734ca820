import { shorten } from '../keys.js';
import { type SyntaxProblem } from './problem.js';
import { type Token, type TokenKind } from './scan.js';

const END: Token = { kind: 'end', start: 0, end: 0 };

/** Goes through the tokens of a text, and keeps what is found wrong on the way. The last token is the end of the text. */
export class TokenCursor {
  readonly problems: SyntaxProblem[];
  /** Whether everything was understood so far. */
  isWhole = true;
  readonly #text: string;
  readonly #tokens: readonly Token[];
  #position = 0;

  constructor(text: string, tokens: readonly Token[], problems: readonly SyntaxProblem[]) {
    this.#text = text;
    this.#tokens = tokens;
    this.problems = [...problems];
  }

  get token(): Token {
    return this.at(0);
  }

  get next(): Token {
    return this.at(1);
  }

  /** The token that was taken last. */
  get previous(): Token | undefined {
    return this.#tokens[this.#position - 1];
  }

  /** Where that ends. */
  get endBefore(): number {
    return this.previous?.end ?? 0;
  }

  /** The end of the text. */
  get last(): Token {
    return this.#tokens.at(-1) ?? END;
  }

  get isAtEnd(): boolean {
    return this.token.kind === 'end';
  }

  /** The token so many behind the next one to take. */
  at(distance: number): Token {
    return this.#tokens[this.#position + distance] ?? this.last;
  }

  take(): Token {
    const token = this.token;
    this.#position += 1;
    return token;
  }

  takeIf(kind: TokenKind): Token | undefined {
    return this.token.kind === kind ? this.take() : undefined;
  }

  textOf({ start, end }: Token): string {
    return this.#text.slice(start, end);
  }

  /** A token in the words of a problem. A text that is no key may be a secret, and is not shown. */
  shown(token = this.token): string {
    if (token.kind === 'end') return 'the end of the file';
    const isKey = token === this.token && this.next.kind === ':';
    return token.kind === 'string' && !isKey ? 'a text' : `\`${shorten(this.textOf(token))}\``;
  }

  /** Says what is wrong with the next token. */
  report(problem: string, details: ProblemDetails): void {
    this.reportAt(this.token, problem, details);
  }

  reportAt({ start, end }: Token, problem: string, { isLost = false, advice, edits }: ProblemDetails): void {
    if (isLost) this.isWhole = false;
    this.problems.push({ start, end, problem, advice, edits });
  }
}

interface ProblemDetails extends Pick<SyntaxProblem, 'advice' | 'edits'> {
  /** Whether something that the text says is not in what is read. */
  readonly isLost?: boolean;
}
