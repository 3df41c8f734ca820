import { type Lines } from './indentation.js';
import { type Item, type JsonNode, type Member } from './node.js';
import { OpenBrackets } from './open-brackets.js';
import { type Token } from './scan.js';
import { type TokenCursor } from './token-cursor.js';
import { isLiteral, readWord, unquotedKey } from './word.js';

export interface ParserOptions {
  readonly lines: Lines;
  /** Whether an object ends before a key that stands further out than its own. */
  readonly byLayout: boolean;
}

/** Reads tokens by recursive descent; what it finds wrong goes into the problems of the cursor. */
export class Parser {
  /** Whether an object was still open at the end of the text. */
  isCutShort = false;
  readonly #cursor: TokenCursor;
  readonly #lines: Lines;
  readonly #byLayout: boolean;
  readonly #open: OpenBrackets;
  readonly #text: string;
  /** Whether the object that ends does so since the next key stands further out. */
  #isClosedByLayout = false;
  /** Whether the comma after a list or object was read as one in it. */
  #hasTakenComma = false;

  constructor(text: string, cursor: TokenCursor, { lines, byLayout }: ParserOptions) {
    this.#text = text;
    this.#cursor = cursor;
    this.#lines = lines;
    this.#byLayout = byLayout;
    this.#open = new OpenBrackets(text, lines);
  }

  document(): JsonNode | undefined {
    if (this.#cursor.token.kind === 'string' && this.#cursor.next.kind === ':') return this.#withoutBraces();
    const isValue = ['{', '[', 'string', 'number'].includes(this.#cursor.token.kind) || isLiteral(this.#cursor.textOf(this.#cursor.token));
    if (!isValue) this.#skipToBrace();
    if (this.#cursor.isAtEnd) return undefined;
    const root = this.#value();
    this.#expectEnd();
    return root;
  }

  /** Prose around the manifest, as in the answer of a chat; or no manifest at all. */
  #skipToBrace(): void {
    const found = this.#cursor.shown();
    const { isAtEnd: isEmpty, token } = this.#cursor;
    while (this.#cursor.token.kind !== '{' && !this.#cursor.isAtEnd) this.#cursor.take();
    const problem = isEmpty ? 'Expected a value, found the end of the file' : `Expected \`{\`, found ${found}`;
    this.#cursor.reportAt(token, problem, { isLost: true, advice: isEmpty ? 'Write `{ "Program": "my_prover" }` with the name of the program; `package-vm init` writes a whole manifest.' : this.#adviceForProse() });
  }

  #adviceForProse(): string {
    if (this.#text.startsWith('version https://git-lfs.github.com/spec/')) return 'Git LFS has not fetched the file: run `git lfs pull`.';
    return `A manifest is JSON, one object in \`{\` and \`}\`${this.#cursor.isAtEnd ? '; `package-vm init` writes one.' : ': leave out what is around it.'}`;
  }

  /** `"Program": "x"` without braces around. */
  #withoutBraces(): JsonNode {
    const { start } = this.#cursor.token;
    this.#cursor.report(`Expected \`{\` at the start, found ${this.#cursor.shown()}`, { advice: 'Put `{` before the first key and `}` after the last value.' });
    const members = this.#members();
    this.#expectEnd();
    return { kind: 'object', start, end: this.#cursor.last.end, members };
  }

  #expectEnd(): void {
    const { kind } = this.#cursor.token;
    if (kind === 'end') return;
    const advice = kind === '}' || kind === ']' ? 'Remove it: all that was opened is closed before.' : 'Remove what follows the object, or put it inside.';
    this.#cursor.report(`Expected the end of the file, found ${this.#cursor.shown()}`, { isLost: true, advice });
  }

  #value(): JsonNode | undefined {
    const { kind, start, end, value, isCut } = this.#cursor.token;
    if (kind === '{') return this.#object();
    if (kind === '[') return this.#list();
    if (kind === 'string' || kind === 'number') {
      this.#cursor.take();
      if (isCut === true) this.#cursor.isWhole = false;
      return value === undefined || isCut === true ? undefined : { kind: 'plain', start, end, value };
    }
    if (kind === 'word') return this.#word(this.#cursor.take());
    this.#cursor.report(`Expected a value, found ${this.#cursor.shown()}`, { isLost: true, advice: 'Write the value, or remove its key.' });
    return undefined;
  }

  #word(token: Token): JsonNode | undefined {
    const { node, problem } = readWord(this.#text, token);
    // what is a number or another is not told
    if (node === undefined) this.#cursor.isWhole = false;
    if (problem !== undefined) this.#cursor.problems.push(problem);
    return node;
  }

  #object(): JsonNode {
    const brace = this.#cursor.take();
    this.#open.push(brace, this.#cursor.token);
    const members = this.#members();
    this.#open.pop();
    return { kind: 'object', start: brace.start, end: this.#close('}', brace), members };
  }

  #members(): Member[] {
    const members: Member[] = [];
    for (;;) {
      const { kind } = this.#cursor.token;
      if (kind === '}' || kind === 'end') return members;
      if (kind === ']' && !this.#open.isOutermost) return members;
      if (this.#byLayout && this.#cursor.next.kind === ':' && this.#open.isKeyOfOuter(this.#cursor.token)) {
        this.#isClosedByLayout = true;
        return members;
      }
      const member = this.#member();
      if (member !== undefined) members.push(member);
    }
  }

  #member(): Member | undefined {
    const token = this.#cursor.token;
    const isName = token.kind === 'string' || token.kind === 'word';
    if (!isName || !this.#isColon(this.#cursor.next)) {
      if (isName && this.#isMissingColon()) this.#withoutColon();
      else this.#stray('Expected a key in double quotes');
      return undefined;
    }
    this.#cursor.take();
    const key = typeof token.value === 'string' ? token.value : this.#cursor.textOf(token);
    if (token.kind === 'word') this.#cursor.problems.push(unquotedKey(token, key));
    this.#colon();
    const node = this.#value();
    const comma = this.#comma(node?.end ?? this.#cursor.endBefore, '}', node === undefined);
    return { key, keyStart: token.start, keyEnd: token.end, node, comma };
  }

  /** `"Program" "my_prover"`, and not a text before `"Args": []`. */
  #isMissingColon(): boolean {
    return ['string', 'number', '{', '['].includes(this.#cursor.next.kind) && !this.#isColon(this.#cursor.at(2));
  }

  /** What the value is a value of is not shown: it may be no key, and a secret. */
  #withoutColon(): void {
    this.#cursor.take();
    this.#cursor.report(`Expected \`:\` after the key, found ${this.#cursor.shown()}`, { isLost: true, advice: 'Write `:` between a key and its value.' });
    this.#value();
    this.#cursor.takeIf(',');
  }

  #list(): JsonNode {
    const bracket = this.#cursor.take();
    this.#open.push(bracket, this.#cursor.token);
    const items: Item[] = [];
    for (;;) {
      const { kind } = this.#cursor.token;
      // a key: the list was meant to end before it
      const isKey = kind === 'string' && this.#cursor.next.kind === ':' && this.#open.closesOuter('}');
      if (kind === ']' || kind === 'end' || isKey || (kind === '}' && this.#open.closesOuter('}'))) break;
      if (kind === ',' || kind === ':' || kind === '}') this.#stray('Expected a value');
      else {
        const node = this.#value();
        items.push({ node, comma: this.#comma(node?.end ?? this.#cursor.endBefore, ']', node === undefined) });
      }
    }
    this.#open.pop();
    return { kind: 'list', start: bracket.start, end: this.#close(']', bracket), items };
  }

  /** The comma after a value; where it is missing, it is asked for, unless the list or object ends here. */
  #comma(end: number, closing: '}' | ']', isExcused: boolean): number | undefined {
    const comma = this.#cursor.takeIf(',');
    if (comma !== undefined) return comma.start;
    const isTaken = this.#hasTakenComma;
    this.#hasTakenComma = false;
    const { kind } = this.#cursor.token;
    const isKeyAfterList = closing === ']' && kind === 'string' && this.#cursor.next.kind === ':';
    const isCut = this.#cursor.previous?.isCut === true;
    if (isExcused || isTaken || isCut || isKeyAfterList || kind === '}' || kind === ']' || kind === 'end') return undefined;
    this.#cursor.report(`Expected \`,\` before the next value, found ${this.#cursor.shown()}`, this.#isOneText() ? { advice: 'Put what is one text into one pair of double quotes, and a comma between two.' } : { advice: 'Write `,` there.', edits: [{ start: end, end, text: ',' }] });
    return undefined;
  }

  /** Whether the last token and this one may be one text, cut by quotes or blanks in it: `'it's'`, `my prover`. */
  #isOneText(): boolean {
    const before = this.#cursor.previous;
    const [first, second] = [before, this.#cursor.token].map((token) => token !== undefined && ['string', 'number', 'word'].includes(token.kind));
    if (before === undefined || first !== true || second !== true || this.#lines.line(before.end) !== this.#lines.line(this.#cursor.token.start)) return false;
    return before.end === this.#cursor.token.start || this.#text[before.start] !== '"' || this.#text[this.#cursor.token.start] !== '"';
  }

  #close(closing: '}' | ']', opening: Token): number {
    const token = this.#cursor.takeIf(closing);
    if (token !== undefined) return token.end;
    const problem = `Expected \`${closing}\` to close the ${closing === '}' ? 'object' : 'list'} that begins in line ${this.#lines.line(opening.start)}, found ${this.#cursor.shown()}`;
    if (this.#isForOther(closing)) {
      const { start, end } = this.#cursor.token;
      this.#cursor.report(problem, { advice: `Write \`${closing}\` in its place.`, edits: [{ start, end, text: closing }] });
      return this.#cursor.take().end;
    }
    const last = this.#cursor.previous;
    const isEnd = this.#cursor.isAtEnd;
    if (isEnd && closing === '}') this.isCutShort = true;
    // a comma behind the last element was meant for what is around
    this.#hasTakenComma = !isEnd && last?.kind === ',';
    const at = this.#hasTakenComma ? (last?.start ?? 0) : this.#cursor.endBefore;
    // behind a text without end nothing can be added
    const isGuess = isEnd || last?.isCut === true || this.#isClosedByLayout;
    this.#isClosedByLayout = false;
    const options = isGuess ? { isLost: isEnd || last?.isCut === true } : { edits: [{ start: at, end: at, text: closing }] };
    this.#cursor.report(problem, { ...options, advice: isEnd ? `Write \`${closing}\` where it ends.` : `Write \`${closing}\` before it.` });
    return at;
  }

  /** Whether a bracket of the other kind is meant to close what is open: else it would close nothing, or all. */
  #isForOther(closing: '}' | ']'): boolean {
    const { kind } = this.#cursor.token;
    if (closing === '}') return kind === ']' && !this.#open.has('[');
    return kind === '}' && this.#open.isOutermost && this.#cursor.next.kind !== 'end';
  }

  #isColon(token: Token): boolean {
    return token.kind === ':' || (token.kind === 'word' && /^(=|=>|:=)$/.test(this.#cursor.textOf(token)));
  }

  #colon(): void {
    const { kind, start, end } = this.#cursor.token;
    if (kind !== ':') this.#cursor.report(`Expected \`:\` after the key, found ${this.#cursor.shown()}`, { advice: 'Write `:` in its place.', edits: [{ start, end, text: ':' }] });
    this.#cursor.take();
  }

  /** Something that cannot stand here: it is left out with the comma after it. */
  #stray(expected: string): void {
    const { kind, start } = this.#cursor.token;
    const isName = kind === 'string' || kind === 'word';
    if (isName) this.#cursor.report(`Expected \`:\` and a value after ${this.#cursor.shown()}, found ${this.#cursor.shown(this.#cursor.next)}`, { isLost: true, advice: 'Give it a value, or remove it.' });
    else this.#cursor.report(`${expected}, found ${this.#cursor.shown()}`, { isLost: kind !== ',', advice: 'Remove it.', ...(kind === ',' ? { edits: [{ start, end: start + 1, text: '' }] } : {}) });
    if (kind === '{' || kind === '[') this.#value();
    else this.#cursor.take();
    if (kind !== ',') this.#cursor.takeIf(',');
  }
}
