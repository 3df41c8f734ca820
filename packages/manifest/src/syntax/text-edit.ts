/** A change of a text: what stands from `start` to before `end`, in UTF-16 code units, becomes `text`. */
export interface TextEdit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** A text with edits made; they must be sorted and must not overlap. */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  const pieces: string[] = [];
  let done = 0;
  for (const { start, end, text: replacement } of edits) {
    if (start < done) throw new RangeError(`edits overlap at ${start}`);
    pieces.push(text.slice(done, start), replacement);
    done = end;
  }
  return pieces.join('') + text.slice(done);
}
