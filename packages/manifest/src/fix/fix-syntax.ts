import { type Finding } from '../finding.js';
import { finding } from '../findings.js';
import { Places } from '../places.js';
import { LIMIT_BYTES, LIMIT_DEPTH } from '../read-document.js';
import { parseText } from '../syntax/parse-text.js';
import { type TextEdit, applyEdits } from '../syntax/text-edit.js';

/** One mend may show the next problem of its line. */
const MAX_PASSES = 5;

/**
 * Makes JSON of a text where it is clear what was meant: fences, quotes, commas. All problems at once, not only those that are shown. Undefined where
 * something is not clear: then the rest may not be what it seems to be either.
 */
export function fixSyntax(start: string, file: string): { text: string; fixed: readonly Finding[] } | undefined {
  const fixed: Finding[] = [];
  let text = start.replace(/^\uFEFF/, '');
  if (text !== start) fixed.push(finding('byte-order-mark', new Places(text, file).at(0), {}));
  if (Buffer.byteLength(start) > LIMIT_BYTES) return undefined;
  for (let pass = 0; pass < MAX_PASSES; pass += 1) {
    const places = new Places(text, file);
    const { problems } = parseText(text, { limitDepth: LIMIT_DEPTH, lines: places });
    if (problems.some(({ edits }) => edits === undefined)) return undefined;
    const taken: TextEdit[] = [];
    for (const { start: from, end, problem, advice, edits = [] } of problems) {
      const [first] = edits;
      if (first === undefined || first.start < (taken.at(-1)?.end ?? 0)) continue;
      for (const edit of edits) taken.push(edit);
      fixed.push(finding('syntax', places.at(from, end), { problem, advice }));
    }
    if (taken.length === 0) break;
    text = applyEdits(text, taken.sort((a, b) => a.start - b.start));
  }
  return { text, fixed };
}
