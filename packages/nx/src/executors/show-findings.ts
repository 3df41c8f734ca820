import type { Finding } from 'package-vm';

/** Prints findings on standard error, notes of a build apart from a check: a build says them in its result file. */
export async function showFindings(findings: readonly Finding[], { withNotes = true } = {}): Promise<void> {
  const { formatFinding } = await import('package-vm');
  for (const finding of findings) if (withNotes || finding.severity !== 'note') console.error(formatFinding(finding));
}
