import { type Lines } from './indentation.js';
import { markEchoes } from './mark-echoes.js';
import { type JsonNode } from './node.js';
import { Parser } from './parser.js';
import { type SyntaxProblem } from './problem.js';
import { scan } from './scan.js';
import { TokenCursor } from './token-cursor.js';

export interface ParsedText {
  /** Undefined when there is no value at all, or when it is nested too deep. */
  readonly root: JsonNode | undefined;
  readonly problems: readonly SyntaxProblem[];
  /** Whether everything that the text says is in the root; where not, what is missing from it may have been meant to be there. */
  readonly isWhole: boolean;
  readonly tooDeepAt: number | undefined;
}

export interface ParseOptions {
  readonly limitDepth: number;
  readonly lines: Lines;
}

/**
 * Reads JSON with comments and trailing commas. What is no JSON is a problem, and reading goes on behind it: a missing comma, quotes of another
 * kind, a stray element, a bracket that is not closed. Linear in the text; recursive, so the depth is limited.
 */
export function parseText(text: string, { limitDepth, lines }: ParseOptions): ParsedText {
  const { tokens, problems, tooDeepAt } = scan(text, limitDepth);
  if (tooDeepAt !== undefined) return { root: undefined, problems: [], isWhole: false, tooDeepAt };
  const read = (byLayout: boolean) => {
    const cursor = new TokenCursor(text, tokens, problems);
    const parser = new Parser(text, cursor, { lines, byLayout });
    return { root: parser.document(), cursor, parser };
  };
  const first = read(false);
  // where a brace is missing is told by how the lines are indented
  const { root, cursor } = first.parser.isCutShort ? read(true) : first;
  return { root, problems: markEchoes(cursor.problems.sort((a, b) => a.start - b.start), tokens, lines), isWhole: cursor.isWhole, tooDeepAt };
}
