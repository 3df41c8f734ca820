import { execFile } from 'node:child_process';
import type { Environment } from './variables.js';

const TIMEOUT_MS = 60_000;

export interface Asked {
  readonly cwd: string;
  readonly env: Environment;
}

/**
 * What a program says on standard output; undefined where there is none, or it fails. Not through @package-vm/process: that would
 * cost each Nx command 90 ms for the first hash.
 */
export function askProgram(program: string, args: readonly string[], { cwd, env }: Asked): Promise<string | undefined> {
  return new Promise((answer) => {
    // the same words everywhere
    execFile(program, [...args], { cwd, env: { ...env, LC_ALL: 'C' }, timeout: TIMEOUT_MS, encoding: 'utf8' }, (error, stdout) => {
      answer(error === null ? stdout : undefined);
    });
  });
}
