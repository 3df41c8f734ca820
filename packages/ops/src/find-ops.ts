import { MissingToolError } from '@package-vm/errors';
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** The official way to get it (ops README.md). */
export const INSTALL_OPS = 'curl https://ops.city/get.sh -sSfL | sh';

/**
 * The `ops` of this machine, absolute: on `PATH`, then where its installer puts it, `~/.ops/bin`.
 *
 * @throws PVM_MISSING_TOOL with the official way to install it
 */
export function findOps(env: Readonly<Record<string, string | undefined>> = process.env): string {
  const folders = [...(env.PATH ?? '').split(delimiter).filter((folder) => folder !== ''), ...(env.HOME === undefined ? [] : [join(env.HOME, '.ops/bin')])];
  const found = folders.map((folder) => join(folder, 'ops')).find(isProgram);
  if (found === undefined) throw missingOps();
  return found;
}

export function missingOps(cause?: unknown): MissingToolError {
  return new MissingToolError({ tool: 'ops', purpose: 'build with the engine `ops`', install: INSTALL_OPS, cause });
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
