import { type Finding } from '@package-vm/manifest';

/** How many findings there are of each severity; those that are allowed count as that and nothing else. */
export interface FindingCounts {
  readonly errors: number;
  readonly warnings: number;
  readonly notes: number;
  readonly allowed: number;
}

export function countFindings(findings: readonly Finding[]): FindingCounts {
  const count = (severity: Finding['severity']): number => findings.filter((finding) => finding.severity === severity && finding.allowed === undefined).length;
  return { errors: count('error'), warnings: count('warning'), notes: count('note'), allowed: findings.filter(({ allowed }) => allowed !== undefined).length };
}

/** `2 errors, 1 warning`; `No findings` where there are none. */
export function formatCounts({ errors, warnings, notes, allowed }: FindingCounts): string {
  const parts = [plural(errors, 'error'), plural(warnings, 'warning'), plural(notes, 'note'), allowed === 0 ? '' : `${allowed} allowed`].filter((part) => part !== '');
  return parts.length === 0 ? 'No findings' : parts.join(', ');
}

/** What to say when there are more warnings than a limit lets pass; undefined when there are not. */
export function excessWarnings(findings: readonly Finding[], limit = Infinity): string | undefined {
  return countFindings(findings).warnings > limit ? `More than ${limit} ${limit === 1 ? 'warning' : 'warnings'}.` : undefined;
}

function plural(count: number, word: string): string {
  return count === 0 ? '' : `${count} ${word}${count === 1 ? '' : 's'}`;
}
