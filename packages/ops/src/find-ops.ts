import { MissingToolError } from '@package-vm/errors';
import { findProgram } from '@package-vm/process';
import { delimiter, join } from 'node:path';

/** The official way to get it (ops README.md). */
export const INSTALL_OPS = 'curl https://ops.city/get.sh -sSfL | sh';

/**
 * The `ops` of this machine, absolute: on `PATH`, then where its installer puts it, `~/.ops/bin`.
 *
 * @throws PVM_MISSING_TOOL with the official way to install it
 */
export function findOps(env: Readonly<Record<string, string | undefined>> = process.env): string {
  const installed = env.HOME === undefined ? [] : [join(env.HOME, '.ops/bin')];
  const found = findProgram('ops', [env.PATH ?? '', ...installed].join(delimiter));
  if (found === undefined) throw missingOps();
  return found;
}

export function missingOps(cause?: unknown): MissingToolError {
  return new MissingToolError({ tool: 'ops', purpose: 'build with the engine `ops`', install: INSTALL_OPS, cause });
}
