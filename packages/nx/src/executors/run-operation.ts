import { isPackageVmError, printableLines } from '@package-vm/errors';
import type { Finding } from 'package-vm';
import { showFindings } from './show-findings.js';

/** What an operation of an Nx task is given. */
export interface Operation {
  /** Aborted by Ctrl-C and SIGTERM. */
  readonly signal: AbortSignal;
}

/**
 * Runs an operation as an Nx task: stops it on Ctrl-C, prints what a user can mend as a message with a hint, and a bug with its
 * stack. The task succeeds unless the operation throws or gives false.
 */
export async function runOperation(operation: (context: Operation) => Promise<boolean>): Promise<{ success: boolean }> {
  const controller = new AbortController();
  const abort = (): void => {
    controller.abort();
  };
  process.on('SIGINT', abort).on('SIGTERM', abort);
  try {
    return { success: await operation({ signal: controller.signal }) };
  } catch (error) {
    await showFindingsOf(error);
    console.error(describeError(error));
    return { success: false };
  } finally {
    process.off('SIGINT', abort).off('SIGTERM', abort);
  }
}

/** Errors about manifests and settings carry all findings; their own words are about the first. */
async function showFindingsOf(error: unknown): Promise<void> {
  const findings = isPackageVmError(error) ? error.data?.findings : undefined;
  // Nx runs executors in the Nx workspace
  if (Array.isArray(findings) && findings.length > 1) await showFindings(findings as Finding[], { root: process.cwd(), withNotes: false });
}

/** An error as a user reads it: what it quotes is shown so that no terminal obeys it. */
export function describeError(error: unknown): string {
  if (!isPackageVmError(error)) return printableLines(`This is a bug of package-vm:\n${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  return printableLines(`${error.code}: ${error.message}${error.hint === undefined ? '' : `\nHint: ${error.hint}`}`);
}
