import { type TextEdit } from './text-edit.js';

/** Something that is no JSON: where, in a sentence, and how it could be put right. */
export interface SyntaxProblem {
  readonly start: number;
  readonly end: number;
  readonly problem: string;
  /** The next step. */
  readonly advice: string;
  /** Makes it JSON without a doubt about what was meant. */
  readonly edits?: readonly TextEdit[] | undefined;
  /** Whether it may only follow from an earlier one, so that it is not told. */
  readonly isEcho?: boolean;
}
