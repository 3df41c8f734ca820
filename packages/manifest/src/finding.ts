import { printable } from '@package-vm/errors';

export type Severity = 'error' | 'warning' | 'note';

/** A path of keys and list positions inside a document. */
export type Keys = readonly (string | number)[];

/**
 * Where a finding is: a file as the user named it, the path of keys inside it, and where known the lines and columns from which and up to
 * which (exclusive) it goes. They count from 1; columns in UTF-16 code units, as editors do.
 */
export interface Place {
  readonly file: string;
  readonly keys?: Keys;
  readonly line?: number;
  readonly column?: number;
  readonly endLine?: number;
  readonly endColumn?: number;
}

/** One thing to say about an input. Findings are data: all of one input at once, in the order of the file. */
export interface Finding {
  /** Stable, kebab-case, e.g. `unknown-key`. */
  readonly code: FindingCode;
  readonly severity: Severity;
  /** One sentence without final period: what is wrong, the value found. */
  readonly message: string;
  /** The one next step, as a sentence with its period. */
  readonly hint?: string;
  readonly place: Place;
  /** What would put it right, where that is known. */
  readonly fix?: Fix;
  /** The reason given in the settings for accepting it; such a finding does not stop a build. */
  readonly allowed?: string;
}

/** Changes of the document that put a finding right. */
export interface Fix {
  /** Whether what was meant is beyond doubt: `check --fix` makes these changes, `migrate` makes the others too. */
  readonly isSafe: boolean;
  readonly changes: readonly Change[];
}

/** Changes of which it is beyond doubt that they were meant. */
export function safely(...changes: readonly Change[]): Fix {
  return { isSafe: true, changes };
}

/** Changes that are probably right, for somebody to look at. */
export function probably(...changes: readonly Change[]): Fix {
  return { isSafe: false, changes };
}

export type Change =
  | { readonly kind: 'set'; readonly keys: Keys; readonly value: JsonValue }
  /** A number or a word becomes the string of the same letters. */
  | { readonly kind: 'quote'; readonly keys: Keys }
  /** `start` is where the key stands, for one of several of that name. */
  | { readonly kind: 'remove'; readonly keys: Keys; readonly start?: number }
  | { readonly kind: 'rename'; readonly keys: Keys; readonly to: string }
  /** A member, as it is written, becomes one of another object. */
  | { readonly kind: 'move'; readonly keys: Keys; readonly to: Keys }
  /** Of the text itself, in UTF-16 code units. */
  | { readonly kind: 'replace'; readonly start: number; readonly end: number; readonly text: string };

export type JsonValue = string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue };

/** The codes of this package are in `findings.ts`; other packages have findings of their own, so any string is a code. */
export type FindingCode = string;

/** Whether a finding stops a build: errors do, unless they are allowed. */
export function isBlocking(finding: Finding): boolean {
  return finding.severity === 'error' && finding.allowed === undefined;
}

/** Whether any finding stops a build. */
export function hasErrors(findings: readonly Finding[]): boolean {
  return findings.some(isBlocking);
}

/** Findings sorted by line and column; those without a place in the text come last, as they were. */
export function inFileOrder(findings: readonly Finding[]): readonly Finding[] {
  const position = ({ place }: Finding): number => place.line ?? Infinity;
  const offset = ({ place }: Finding): number => place.column ?? Infinity;
  return [...findings].sort((a, b) => compare(position(a), position(b)) || compare(offset(a), offset(b)));
}

function compare(a: number, b: number): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/**
 * A finding as one or two plain lines, e.g. `vm.json:3:5 error unknown-key: …` and its hint, indented.
 * Without colours, and without what a terminal obeys; never ends in a line feed.
 */
export function formatFinding({ place, severity, code, message, hint, allowed }: Finding): string {
  const where = [place.file, place.line, place.column].filter((part) => part !== undefined).join(':');
  const reason = allowed === undefined ? '' : ` (allowed: ${allowed})`;
  const head = printable(`${where} ${severity} ${code}: ${message}${reason}`);
  return hint === undefined ? head : `${head}\n  ${printable(hint)}`;
}
