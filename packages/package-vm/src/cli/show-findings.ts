import { type Finding, formatFinding } from '@package-vm/manifest';
import { sourceFrame } from './source-frame.js';
import { type Terminal } from './terminal.js';

export interface ShowOptions {
  readonly showNotes?: boolean;
  /** The text of a file that a finding names, for a frame of the source; no frames without it. */
  readonly textOf?: (file: string) => string | undefined;
}

/** The lines of these would print what must not be printed. */
const WITHOUT_FRAME: ReadonlySet<string> = new Set(['secret-in-args', 'secret-in-env']);

/** Shows findings on stderr, notes only where asked for. */
export function showFindings(findings: readonly Finding[], terminal: Terminal, { showNotes = true, textOf }: ShowOptions = {}): void {
  const { colors } = terminal;
  const paint = { error: colors.red, warning: colors.yellow, note: colors.cyan };
  for (const finding of findings) {
    const { severity, code, place } = finding;
    if (severity === 'note' && !showNotes) continue;
    const [head = '', ...hint] = formatFinding(finding).split('\n');
    const text = WITHOUT_FRAME.has(code) ? undefined : textOf?.(place.file);
    const frame = text === undefined ? [] : sourceFrame(text, place, { dim: colors.dim, mark: paint[severity] });
    for (const line of [head.replace(` ${severity} `, ` ${paint[severity](severity)} `), ...frame, ...hint]) terminal.note(line);
  }
}
