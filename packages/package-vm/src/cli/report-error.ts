import { type PackageVmError, errorExitCode, isPackageVmError, printableLines } from '@package-vm/errors';
import { type Finding, isBlocking } from '@package-vm/manifest';
import { resolve } from 'node:path';
import { fromHere, messageFromHere } from './from-here.js';
import { showFindings } from './show-findings.js';
import { type Terminal } from './terminal.js';

/** Tells what went wrong, for people on stderr and with `--json` as data on stdout; gives the exit code. Findings count from `root`. */
export async function reportError(error: unknown, terminal: Terminal, isJson: boolean, root = terminal.cwd): Promise<number> {
  const exitCode = errorExitCode(error);
  const { colors } = terminal;
  if (isPackageVmError(error)) {
    if (isJson) await terminal.out(`${JSON.stringify({ error: { code: error.code, message: error.message, hint: error.hint, data: error.data } }, null, 2)}\n`);
    const findings = fromHere(findingsOf(error), terminal.cwd, (file) => resolve(root, file));
    if (findings.length > 1) {
      showFindings(findings, terminal, { showNotes: false });
      terminal.note(`${colors.red('error')} ${error.code}: ${findings.filter(isBlocking).length} of these must be mended first`);
      return exitCode;
    }
    terminal.note(`${colors.red('error')} ${error.code}: ${printableLines(findings.length === 0 ? error.message : messageFromHere(error, findings))}`);
    if (error.hint !== undefined) terminal.note(`  ${printableLines(error.hint)}`);
    return exitCode;
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  if (isJson) await terminal.out(`${JSON.stringify({ error: { code: 'PVM_BUG', message: text.split('\n', 1)[0] } }, null, 2)}\n`);
  terminal.note(`${colors.red('error')}: this is a bug of package-vm\n${printableLines(text)}`);
  return exitCode;
}

/** Errors about manifests and settings carry all findings. */
function findingsOf(error: PackageVmError): readonly Finding[] {
  const findings = error.data?.findings;
  return Array.isArray(findings) ? (findings as Finding[]) : [];
}
