import { type Lines } from './indentation.js';
import { type SyntaxProblem } from './problem.js';
import { type Token } from './scan.js';

/** So many tokens are read rightly behind something unclear before a problem in the same line counts as one of its own (three, as in parsers made by Bison). */
const TOKENS_TO_RECOVER = 3;

/**
 * Marks the problems that may only follow from one before them in their line: those too few tokens behind what is unclear, those at the token of
 * what a fix puts right, and a slip that was told of the line already. A slip itself disturbs nothing behind it. Problems come in order of place.
 */
export function markEchoes(problems: readonly SyntaxProblem[], tokens: readonly Token[], lines: Lines): readonly SyntaxProblem[] {
  const slips = new Set<string>();
  let last = { line: 0, token: 0, reach: 0 };
  let token = 0;
  return problems.map((problem) => {
    while ((tokens[token]?.end ?? Infinity) <= problem.start) token += 1;
    const line = lines.line(problem.start);
    const slip = isSlip(problem) ? `${line} ${problem.problem}` : undefined;
    const isEcho = line === last.line && token - last.token <= (slip === undefined ? last.reach : 0);
    const isTold = slip !== undefined && slips.has(slip);
    if (slip === undefined) last = { line, token, reach: problem.edits === undefined ? TOKENS_TO_RECOVER : isEcho ? last.reach : 0 };
    else slips.add(slip);
    return isEcho || isTold ? { ...problem, isEcho: true } : problem;
  });
}

/** Whether something has its place and is only written in another way: quotes of another kind, a key without. */
function isSlip({ edits }: SyntaxProblem): boolean {
  return edits?.every(({ start, end }) => start < end) ?? false;
}
