import { errorCodeOf } from '@package-vm/errors';
import { type ProgramResult, runProgram } from '@package-vm/process';
import { stripVTControlCharacters } from 'node:util';
import { missingOps } from './find-ops.js';
import { type OpsHome } from './ops-home.js';

export interface OpsCall {
  /** Absolute path of ops. */
  readonly program: string;
  readonly args: readonly string[];
  readonly home: OpsHome;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** A message that means a broken image may come anywhere in what ops says, at most some lines for each file. */
const MAX_OUTPUT_BYTES = 64 * 1024 * 1024;

/** Runs ops in its private home and gives what it said, without colours. However it ends is no failure here. */
export async function runOps({ program, args, home, timeoutMs, signal }: OpsCall): Promise<ProgramResult> {
  try {
    const result = await runProgram({
      program,
      args,
      cwd: home.workingFolder,
      env: home.env,
      timeoutMs,
      accept: 'any',
      endsWithUs: true,
      keepBytes: MAX_OUTPUT_BYTES,
      missing: { purpose: 'build with the engine `ops`', install: '' },
      ...(signal === undefined ? {} : { signal }),
    });
    return { ...result, stdout: stripVTControlCharacters(result.stdout), stderr: stripVTControlCharacters(result.stderr) };
  } catch (error) {
    if (errorCodeOf(error) === 'PVM_MISSING_TOOL') throw missingOps(error);
    throw error;
  }
}

/** The call as one line for a shell. */
export function shellLine({ program, args, home }: Pick<OpsCall, 'program' | 'args' | 'home'>): string {
  const variables = Object.entries(home.env).map(([name, value]) => `${name}=${value}`);
  return `cd ${shellWord(home.workingFolder)} && env -i ${[...variables, program, ...args].map(shellWord).join(' ')}`;
}

function shellWord(word: string): string {
  return /^[\w./:=@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
