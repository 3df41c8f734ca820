import { type Finding, formatFinding } from '@package-vm/manifest';
import { type Terminal } from './terminal.js';

/** Shows findings on stderr, notes only where asked for. */
export function showFindings(findings: readonly Finding[], terminal: Terminal, { showNotes = true } = {}): void {
  const { colors } = terminal;
  const paint = { error: colors.red, warning: colors.yellow, note: colors.cyan };
  for (const finding of findings) {
    if (finding.severity === 'note' && !showNotes) continue;
    terminal.note(formatFinding(finding).replace(` ${finding.severity} `, ` ${paint[finding.severity](finding.severity)} `));
  }
}
