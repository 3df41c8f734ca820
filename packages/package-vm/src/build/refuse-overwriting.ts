import { PackageVmError, errorCodeOf } from '@package-vm/errors';
import { type Stats, closeSync, openSync, readFileSync, readSync, realpathSync, statSync } from 'node:fs';
import { writeFailed } from '../host-files/write-failed.js';

export interface OutputPaths {
  readonly imagePath: string;
  readonly resultPath: string;
}

/**
 * Refuses outputs that would take the place of something else: of an input, or of a file that is no image or no result file of ours. A folder
 * cannot be replaced anyway.
 *
 * @throws PVM_BAD_USAGE; PVM_WRITE_FAILED where the path cannot be looked at
 */
export function refuseOverwriting({ imagePath, resultPath }: OutputPaths, inputs: readonly string[]): void {
  const outputs = [
    { path: imagePath, isOurs: isDisk, why: 'exists and is no image' },
    { path: resultPath, isOurs: isResult, why: 'exists and is no result file' },
  ];
  for (const { path, isOurs, why } of outputs) {
    const output = statOutput(path);
    if (output === undefined || output.isDirectory()) continue;
    if (inputs.some((input) => isSame(input, output) && realpathSync(input) === realpathSync(path))) throw refusal(path, 'is an input of the build');
    if (!output.isFile() || !isOurs(path)) throw refusal(path, why);
  }
}

function statOutput(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch (error) {
    throw writeFailed(path, error, 'Choose another place with `-o`.');
  }
}

function refusal(path: string, why: string): PackageVmError {
  return new PackageVmError('PVM_BAD_USAGE', `\`${path}\` ${why}, and would be overwritten`, { hint: 'Choose another name with `-o`, or remove it.' });
}

function isSame(input: string, { dev, ino }: Stats): boolean {
  const stats = statSync(input, { throwIfNoEntry: false });
  return stats?.ino === ino && stats.dev === dev;
}

/** Whether a file has the signature of a boot disk, as every image has. */
function isDisk(path: string): boolean {
  const fd = openSync(path, 'r');
  try {
    const signature = Buffer.alloc(2);
    return readSync(fd, signature, 0, 2, 510) === 2 && signature.readUInt16LE() === 0xaa55;
  } finally {
    closeSync(fd);
  }
}

function isResult(path: string): boolean {
  try {
    const { engine, image } = JSON.parse(readFileSync(path, 'utf8')) as { engine?: unknown; image?: unknown };
    return typeof engine === 'string' && typeof image === 'object';
  } catch (error) {
    if (error instanceof SyntaxError || errorCodeOf(error) !== undefined) return false;
    throw error;
  }
}
