import { printable } from '@package-vm/errors';
import { type Finding } from '@package-vm/manifest';

const commands = { error: 'error', warning: 'warning', note: 'notice' } as const;

/** Findings as workflow commands, which GitHub shows at their lines. Allowed ones are notices. */
export function githubAnnotations(findings: readonly Finding[]): string {
  return findings.map((finding) => `${annotation(finding)}\n`).join('');
}

function annotation({ severity, code, message, hint, place, allowed }: Finding): string {
  const { file, line, column, endLine, endColumn } = place;
  const properties = { file, line, endLine, col: column, endColumn, title: code };
  const written = Object.entries(properties).flatMap(([key, value]) => (value === undefined ? [] : [`${key}=${escapeProperty(printable(String(value)))}`]));
  const text = [allowed === undefined ? message : `${message} (allowed: ${allowed})`, ...(hint === undefined ? [] : [hint])].map(printable).join('\n');
  return `::${allowed === undefined ? commands[severity] : 'notice'} ${written.join(',')}::${escapeData(text)}`;
}

/** As actions/toolkit packages/core/src/command.ts does. */
function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
