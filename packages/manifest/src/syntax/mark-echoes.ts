import { type Lines } from './indentation.js';
import { type SyntaxProblem } from './problem.js';
import { type Token } from './scan.js';

/** So many tokens are read rightly before a problem in the same line counts as one of its own (three, as in parsers made by Bison). */
const TOKENS_TO_RECOVER = 3;

/**
 * Marks the problems that may only follow from one before them in their line: those too few tokens behind it, and a slip that was told of the line
 * already. A slip itself disturbs nothing behind it. Problems come in order of place.
 */
export function markEchoes(problems: readonly SyntaxProblem[], tokens: readonly Token[], lines: Lines): readonly SyntaxProblem[] {
  const slips = new Set<string>();
  let last = { line: 0, token: 0 };
  let token = 0;
  return problems.map((problem) => {
    while ((tokens[token]?.end ?? Infinity) <= problem.start) token += 1;
    const line = lines.line(problem.start);
    const isBehind = (distance: number): boolean => line === last.line && token - last.token <= distance;
    const slip = isSlip(problem) ? `${line} ${problem.problem}` : undefined;
    const isEcho = slip === undefined ? isBehind(TOKENS_TO_RECOVER) : slips.has(slip) || isBehind(0);
    if (slip === undefined) last = { line, token };
    else slips.add(slip);
    return isEcho ? { ...problem, isEcho } : problem;
  });
}

/** Whether something has its place and is only written in another way: quotes of another kind, a key without. */
function isSlip({ edits }: SyntaxProblem): boolean {
  return edits?.every(({ start, end }) => start < end) ?? false;
}
