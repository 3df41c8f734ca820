import { type Place } from '@package-vm/manifest';

/** Columns of a line that are shown at most; a manifest may be one long line. */
const MAX_COLUMNS = 100;
/** Columns that are shown before the place in a long line. */
const COLUMNS_BEFORE = 40;

export interface FrameColors {
  readonly dim: (text: string) => string;
  readonly mark: (text: string) => string;
}

let latest: { readonly text: string; readonly lines: readonly string[] } | undefined;

/** The lines of a text; those of the latest are kept, since findings come file by file and each wants them. */
function linesOf(text: string): readonly string[] {
  if (latest?.text !== text) latest = { text, lines: text.replace(/^\uFEFF/, '').split(/\r\n|\r|\n/) };
  return latest.lines;
}

/**
 * The line of a place and the one before it, with the place underlined; none when the text does not have it. Long lines are cut, and control
 * characters are shown as `·`: a terminal obeys neither the text nor its escape sequences.
 */
export function sourceFrame(text: string, place: Place, { dim, mark }: FrameColors): readonly string[] {
  const { line, column, endLine, endColumn } = place;
  if (line === undefined || column === undefined) return [];
  const lines = linesOf(text);
  const source = lines[line - 1];
  if (source === undefined) return [];
  const from = Math.max(0, column - 1 > MAX_COLUMNS - COLUMNS_BEFORE ? column - 1 - COLUMNS_BEFORE : 0);
  const end = endLine === line && endColumn !== undefined ? endColumn - 1 : source.length;
  const width = Math.max(1, Math.min(end, from + MAX_COLUMNS) - (column - 1));
  const digits = String(line).length;
  const row = (label: string, shown: string): string => `${dim(`  ${label.padStart(digits)} │`)} ${shown}`.trimEnd();
  const before = lines[line - 2];
  return [
    ...(before === undefined || before.trim() === '' ? [] : [row(String(line - 1), visible(before, from))]),
    row(String(line), visible(source, from)),
    row('', `${blanks(source, from, column - 1)}${mark('^'.repeat(width))}`),
  ];
}

function visible(line: string, from: number): string {
  const cut = line.slice(from, from + MAX_COLUMNS);
  const shown = cut.replace(/\t/g, ' ').replace(/\p{Cc}|\p{Cf}/gu, '·');
  return `${from > 0 ? '…' : ''}${shown}${line.length > from + MAX_COLUMNS ? '…' : ''}`;
}

/** As many blanks as the line has columns before its place; wide characters stay as wide as terminals mostly show them. */
function blanks(line: string, from: number, to: number): string {
  // an emoji outside the basic plane has two units and two cells; other wide characters have one unit
  const wide = line.slice(from, to).match(/[\u1100-\u115F\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6]/g)?.length ?? 0;
  return ' '.repeat(to - from + wide + (from > 0 ? 1 : 0));
}
