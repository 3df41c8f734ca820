import { shorten } from '../keys.js';
import { type Lines, Indentation } from './indentation.js';
import { type Item, type JsonNode, type Member } from './node.js';
import { type SyntaxProblem } from './problem.js';
import { type Token, type TokenKind } from './scan.js';
import { type TextEdit } from './text-edit.js';
import { isLiteral, readWord, unquotedKey } from './word.js';

/** An object or list that is open. */
interface Open extends Token {
  /** How far its line is indented, and its first member, where that begins a line of its own. */
  readonly indent: number;
  inner: number | undefined;
}

/** Reads tokens by recursive descent; what it finds wrong goes into `problems`. */
export class Parser {
  isWhole = true;
  /** Whether an object was still open at the end of the text. */
  isCutShort = false;
  readonly #byLayout: boolean;
  /** Whether the object that ends does so since the next key stands further out. */
  #isClosedByLayout = false;
  readonly #text: string;
  readonly #tokens: readonly Token[];
  readonly #problems: SyntaxProblem[];
  readonly #lines: Lines;
  readonly #indentation: Indentation;
  #position = 0;
  /** Whether the comma after a list or object was read as one in it. */
  #hasTakenComma = false;
  /** The brackets that are open, innermost last. */
  readonly #open: Open[] = [];

  constructor(text: string, tokens: readonly Token[], problems: SyntaxProblem[], lines: Lines, { byLayout = false } = {}) {
    this.#byLayout = byLayout;
    this.#text = text;
    this.#lines = lines;
    this.#indentation = new Indentation(text, lines);
    this.#tokens = tokens;
    this.#problems = problems;
  }

  document(): JsonNode | undefined {
    if (this.#token.kind === 'string' && this.#next.kind === ':') return this.#withoutBraces();
    const isValue = ['{', '[', 'string', 'number'].includes(this.#token.kind) || isLiteral(this.#found());
    if (!isValue) this.#skipToBrace();
    if (this.#isAtEnd()) return undefined;
    const root = this.#value();
    this.#expectEnd();
    return root;
  }

  get #token(): Token {
    return this.#tokens[this.#position] ?? this.#last;
  }

  get #next(): Token {
    return this.#tokens[this.#position + 1] ?? this.#last;
  }

  get #last(): Token {
    return this.#tokens.at(-1) ?? { kind: 'end', start: 0, end: 0 };
  }

  #isAtEnd(): boolean {
    return this.#token.kind === 'end';
  }

  #take(): Token {
    const token = this.#token;
    this.#position += 1;
    return token;
  }

  #takeIf(kind: TokenKind): Token | undefined {
    return this.#token.kind === kind ? this.#take() : undefined;
  }

  /** Prose around the manifest, as in the answer of a chat. */
  #skipToBrace(): void {
    if (this.#isAtEnd()) this.#report('Expected a value, found the end of the file', { isLost: true, advice: 'Write `{ "Program": "my_prover" }` with the name of the program; `package-vm init` writes a whole manifest.' });
    else this.#report(`Expected \`{\`, found ${this.#shown()}`, { isLost: true, advice: 'A manifest is JSON, one object in `{` and `}`: leave out what is around it.' });
    while (this.#token.kind !== '{' && !this.#isAtEnd()) this.#take();
  }

  /** `"Program": "x"` without braces around. */
  #withoutBraces(): JsonNode {
    const { start } = this.#token;
    this.#report(`Expected \`{\` at the start, found ${this.#shown()}`, { advice: 'Put `{` before the first key and `}` after the last value.' });
    const members = this.#members();
    this.#expectEnd();
    return { kind: 'object', start, end: this.#last.end, members };
  }

  #expectEnd(): void {
    const { kind } = this.#token;
    if (kind === 'end') return;
    const advice = kind === '}' || kind === ']' ? 'Remove it: all that was opened is closed before.' : 'Remove what follows the object, or put it inside.';
    this.#report(`Expected the end of the file, found ${this.#shown()}`, { isLost: true, advice });
  }

  #value(): JsonNode | undefined {
    const { kind, start, end, value, isCut } = this.#token;
    if (kind === '{') return this.#object();
    if (kind === '[') return this.#list();
    if (kind === 'string' || kind === 'number') {
      this.#take();
      if (isCut === true) this.isWhole = false;
      return value === undefined || isCut === true ? undefined : { kind: 'plain', start, end, value };
    }
    if (kind === 'word') return this.#word(this.#take());
    this.#report(`Expected a value, found ${this.#shown()}`, { isLost: true, advice: 'Write the value, or remove its key.' });
    return undefined;
  }

  #word(token: Token): JsonNode | undefined {
    const { node, problem } = readWord(this.#text, token);
    // what is a number or another is not told
    if (node === undefined) this.isWhole = false;
    if (problem !== undefined) this.#problem(problem);
    return node;
  }

  #object(): JsonNode {
    const brace = this.#take();
    this.#openBracket(brace);
    const members = this.#members();
    this.#open.pop();
    return { kind: 'object', start: brace.start, end: this.#close('}', brace), members };
  }

  #members(): Member[] {
    const members: Member[] = [];
    for (;;) {
      const { kind } = this.#token;
      if (kind === '}' || kind === 'end') return members;
      if (kind === ']' && this.#isMeantForOuter(']')) return members;
      if (this.#isByLayout()) {
        this.#isClosedByLayout = true;
        return members;
      }
      const member = this.#member();
      if (member !== undefined) members.push(member);
    }
  }

  #member(): Member | undefined {
    const token = this.#token;
    const isName = token.kind === 'string' || token.kind === 'word';
    if (!isName || !this.#isColon(this.#next)) {
      if (isName && this.#isMissingColon()) this.#withoutColon();
      else this.#stray('Expected a key in double quotes');
      return undefined;
    }
    this.#take();
    const key = typeof token.value === 'string' ? token.value : this.#text.slice(token.start, token.end);
    if (token.kind === 'word') this.#problem(unquotedKey(token, key));
    this.#colon();
    const node = this.#value();
    const comma = this.#comma(node?.end ?? this.#before(), '}', node === undefined);
    return { key, keyStart: token.start, keyEnd: token.end, node, comma };
  }

  /** `"Program" "my_prover"`, and not a text before `"Args": []`. */
  #isMissingColon(): boolean {
    const after = this.#tokens[this.#position + 2] ?? this.#last;
    return ['string', 'number', '{', '['].includes(this.#next.kind) && !this.#isColon(after);
  }

  /** What the value is a value of is not shown: it may be no key, and a secret. */
  #withoutColon(): void {
    this.#take();
    this.#report(`Expected \`:\` after the key, found ${this.#shown()}`, { isLost: true, advice: 'Write `:` between a key and its value.' });
    this.#value();
    this.#takeIf(',');
  }

  #list(): JsonNode {
    const bracket = this.#take();
    this.#openBracket(bracket);
    const items: Item[] = [];
    for (;;) {
      const { kind } = this.#token;
      // a key: the list was meant to end before it
      const isKey = kind === 'string' && this.#next.kind === ':' && this.#isMeantForOuter('}');
      if (kind === ']' || kind === 'end' || isKey || (kind === '}' && this.#isMeantForOuter('}'))) break;
      if (kind === ',' || kind === ':' || kind === '}') this.#stray('Expected a value');
      else {
        const node = this.#value();
        items.push({ node, comma: this.#comma(node?.end ?? this.#before(), ']', node === undefined) });
      }
    }
    this.#open.pop();
    return { kind: 'list', start: bracket.start, end: this.#close(']', bracket), items };
  }

  /** The comma after a value; where it is missing, it is asked for, unless the list or object ends here. */
  #comma(end: number, closing: '}' | ']', isExcused: boolean): number | undefined {
    const comma = this.#takeIf(',');
    if (comma !== undefined) return comma.start;
    const isTaken = this.#hasTakenComma;
    this.#hasTakenComma = false;
    const { kind } = this.#token;
    const isKeyAfterList = closing === ']' && kind === 'string' && this.#next.kind === ':';
    const isCut = this.#tokens[this.#position - 1]?.isCut === true;
    if (isExcused || isTaken || isCut || isKeyAfterList || kind === '}' || kind === ']' || kind === 'end') return undefined;
    this.#report(`Expected \`,\` before the next value, found ${this.#shown()}`, this.#isOneText() ? { advice: 'Put what is one text into one pair of double quotes, and a comma between two.' } : { advice: 'Write `,` there.', edits: [{ start: end, end, text: ',' }] });
    return undefined;
  }

  /** Whether the last token and this one may be one text, cut by quotes or blanks in it: `'it's'`, `my prover`. */
  #isOneText(): boolean {
    const before = this.#tokens[this.#position - 1];
    const [first, second] = [before, this.#token].map((token) => token !== undefined && ['string', 'number', 'word'].includes(token.kind));
    if (before === undefined || first !== true || second !== true || this.#lines.line(before.end) !== this.#lines.line(this.#token.start)) return false;
    return before.end === this.#token.start || this.#text[before.start] !== '"' || this.#text[this.#token.start] !== '"';
  }

  #close(closing: '}' | ']', opening: Token): number {
    const token = this.#takeIf(closing);
    if (token !== undefined) return token.end;
    const what = closing === '}' ? 'object' : 'list';
    const last = this.#tokens[this.#position - 1];
    const isEnd = this.#isAtEnd();
    if (isEnd && closing === '}') this.isCutShort = true;
    // a comma behind the last element was meant for what is around
    this.#hasTakenComma = !isEnd && last?.kind === ',';
    const at = this.#hasTakenComma ? (last?.start ?? 0) : this.#before();
    // behind a text without end nothing can be added
    const isGuess = isEnd || last?.isCut === true || this.#isClosedByLayout;
    this.#isClosedByLayout = false;
    const options = isGuess ? { isLost: isEnd || last?.isCut === true } : { edits: [{ start: at, end: at, text: closing }] };
    this.#report(`Expected \`${closing}\` to close the ${what} that begins in line ${this.#lines.line(opening.start)}, found ${this.#shown()}`, { ...options, advice: isEnd ? `Write \`${closing}\` where it ends.` : `Write \`${closing}\` before it.` });
    return at;
  }

  #openBracket(bracket: Token): void {
    this.#open.push({ ...bracket, indent: this.#indentation.ofLine(bracket.start), inner: this.#indentation.ofOwnLine(this.#token.start) });
  }

  /** Whether the next key stands as far out as what is around the object that is open, although the object's own keys stand further in. */
  #isByLayout(): boolean {
    const around = this.#open.at(-1);
    if (!this.#byLayout || around === undefined || this.#open.length < 2 || around.inner === undefined || around.inner <= around.indent) return false;
    const own = this.#next.kind === ':' ? this.#indentation.ofOwnLine(this.#token.start) : undefined;
    return own !== undefined && own <= around.indent;
  }

  #isMeantForOuter(closing: '}' | ']'): boolean {
    const opening = closing === '}' ? '{' : '[';
    return this.#open.slice(0, -1).some(({ kind }) => kind === opening);
  }

  #isColon(token: Token): boolean {
    return token.kind === ':' || (token.kind === 'word' && /^(=|=>|:=)$/.test(this.#text.slice(token.start, token.end)));
  }

  #colon(): void {
    const { kind, start, end } = this.#token;
    if (kind !== ':') this.#report(`Expected \`:\` after the key, found ${this.#shown()}`, { advice: 'Write `:` in its place.', edits: [{ start, end, text: ':' }] });
    this.#take();
  }

  /** Something that cannot stand here: it is left out with the comma after it. */
  #stray(expected: string): void {
    const { kind, start } = this.#token;
    const isName = kind === 'string' || kind === 'word';
    if (isName) this.#report(`Expected \`:\` and a value after ${this.#shown()}, found ${this.#shown(this.#next)}`, { isLost: true, advice: 'Give it a value, or remove it.' });
    else this.#report(`${expected}, found ${this.#shown()}`, { isLost: kind !== ',', advice: 'Remove it.', ...(kind === ',' ? { edits: [{ start, end: start + 1, text: '' }] } : {}) });
    if (kind === '{' || kind === '[') this.#value();
    else this.#take();
    if (kind !== ',') this.#takeIf(',');
  }

  #report(problem: string, { isLost = false, advice, edits }: { isLost?: boolean; advice: string; edits?: readonly TextEdit[] }): void {
    if (isLost) this.isWhole = false;
    this.#problem({ start: this.#token.start, end: this.#token.end, problem, advice, edits });
  }

  #problem(problem: SyntaxProblem): void {
    this.#problems.push(problem);
  }

  /** Where the last token ends. */
  #before(): number {
    return this.#tokens[this.#position - 1]?.end ?? 0;
  }

  #found(token = this.#token): string {
    return this.#text.slice(token.start, token.end);
  }

  #shown(token = this.#token): string {
    if (token.kind === 'end') return 'the end of the file';
    // a text that is no key may be a secret
    const isKey = token === this.#token && this.#next.kind === ':';
    return token.kind === 'string' && !isKey ? 'a text' : `\`${shorten(this.#found(token))}\``;
  }
}
