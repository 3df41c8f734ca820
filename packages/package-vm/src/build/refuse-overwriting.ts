import { PackageVmError, errorCodeOf } from '@package-vm/errors';
import { type Stats, closeSync, openSync, readFileSync, readSync, realpathSync, statSync } from 'node:fs';

export interface OutputPaths {
  readonly imagePath: string;
  readonly resultPath: string;
}

/**
 * Refuses outputs that would take the place of something else: of an input, or of a file that is no image or no result file of ours.
 *
 * @throws PVM_BAD_USAGE
 */
export function refuseOverwriting({ imagePath, resultPath }: OutputPaths, inputs: readonly string[]): void {
  for (const path of [imagePath, resultPath]) {
    const output = statSync(path, { throwIfNoEntry: false });
    if (output !== undefined && inputs.some((input) => isSame(input, output) && realpathSync(input) === realpathSync(path))) throw refusal(path, 'is an input of the build');
  }
  if (isFile(imagePath) && !isDisk(imagePath)) throw refusal(imagePath, 'exists and is no image');
  if (isFile(resultPath) && !isResult(resultPath)) throw refusal(resultPath, 'exists and is no result file');
}

function refusal(path: string, why: string): PackageVmError {
  return new PackageVmError('PVM_BAD_USAGE', `\`${path}\` ${why}, and would be overwritten`, { hint: 'Choose another name with `-o`, or remove it.' });
}

function isSame(input: string, { dev, ino }: Stats): boolean {
  const stats = statSync(input, { throwIfNoEntry: false });
  return stats?.ino === ino && stats.dev === dev;
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
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
