import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PackageVmError, errorCodeOf } from '@package-vm/errors';
import { type OutputStream, runProgram } from '@package-vm/process';
import { makeScratchFolder, removeScratchFolder, writingScratch } from '../task/scratch-folder.js';
import { initProgram } from './init/init-program.js';
import { type InitConfig, encodeInitConfig } from './init-config.js';
import { type SandboxReport, readSandboxReport } from './sandbox-report.js';

/** A private folder of one rehearsal: `root` for the image's tree, beside it the init and its files. */
export interface SandboxFolder {
  readonly root: string;
  readonly folder: string;
  remove(): Promise<void>;
}

/** @throws PVM_WRITE_FAILED */
export async function makeSandboxFolder(): Promise<SandboxFolder> {
  const folder = await makeScratchFolder('package-vm-rehearse-');
  // a root user's rehearsal runs as the workspace's owner, who has to get through, but not to look around
  await chmod(folder, 0o711);
  const root = join(folder, 'root');
  await mkdir(root);
  await chmod(root, 0o777);
  return {
    folder,
    root,
    remove: () => removeScratchFolder(folder),
  };
}

export interface SandboxRun extends Omit<InitConfig, 'reportPath' | 'parentPid' | 'root'> {
  readonly timeoutMs: number;
  readonly onOutput: ((chunk: Uint8Array, stream: OutputStream) => void) | undefined;
  readonly signal: AbortSignal | undefined;
}

export interface SandboxResult {
  readonly report: SandboxReport;
  readonly hasTimedOut: boolean;
  readonly wallTimeMs: number;
  /** The end of what the program wrote there. */
  readonly stderr: string;
}

/**
 * Runs a program in its sandbox. When the promise settles, none of its processes is left.
 *
 * @throws PVM_CANCELLED, PVM_SANDBOX_FAILED, PVM_WRITE_FAILED
 */
export async function runInSandbox({ root, folder }: SandboxFolder, run: SandboxRun): Promise<SandboxResult> {
  const [init, configPath, reportPath] = ['init', 'config', 'report'].map((name) => join(folder, name)) as [string, string, string];
  await writingScratch(folder, async () => {
    await writeFile(init, Buffer.from(initProgram, 'base64'), { mode: 0o700 });
    await writeFile(configPath, encodeInitConfig({ ...run, root, reportPath, parentPid: process.pid }), { mode: 0o600 });
    await writeFile(reportPath, '', { mode: 0o600 });
  });

  const start = performance.now();
  let stderr = '';
  let hasTimedOut = false;
  try {
    const result = await runProgram({
      program: init,
      args: [configPath],
      env: {},
      accept: 'any',
      timeoutMs: run.timeoutMs,
      missing: { purpose: 'rehearse', install: 'npm install' },
      ...(run.onOutput === undefined ? {} : { onOutput: run.onOutput }),
      ...(run.signal === undefined ? {} : { signal: run.signal }),
    });
    stderr = result.stderr;
  } catch (error) {
    const code = errorCodeOf(error);
    if (code === 'PVM_CANCELLED') throw new PackageVmError('PVM_CANCELLED', 'The rehearsal was stopped on request', { cause: error });
    if (code === 'PVM_PROGRAM_FAILED') throw notStarted(folder, error);
    if (code !== 'PVM_PROGRAM_TIMED_OUT') throw error;
    hasTimedOut = true;
  }
  const wallTimeMs = performance.now() - start;
  return { report: readSandboxReport(await readFile(reportPath, 'utf8')), hasTimedOut, wallTimeMs, stderr };
}

function notStarted(folder: string, cause: unknown): PackageVmError {
  return new PackageVmError('PVM_SANDBOX_FAILED', `Nothing can be run from \`${folder}\``, {
    hint: 'If that place is mounted `noexec`, set TMPDIR to a folder that is not.',
    cause,
  });
}
