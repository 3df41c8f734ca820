export type Severity = 'error' | 'warning' | 'note';

/** Where a finding is: a file as the user named it, the path of keys inside it, and 1-based line and column where known. */
export interface Place {
  readonly file: string;
  readonly keys?: readonly (string | number)[];
  readonly line?: number;
  readonly column?: number;
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
  /** The reason given in the settings for accepting it; such a finding does not stop a build. */
  readonly allowed?: string;
}

/** Grows with the words module `findings.ts`, which gives each code its severity and sentence. */
export type FindingCode = string;
