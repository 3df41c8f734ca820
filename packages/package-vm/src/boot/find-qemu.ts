import { accessSync, constants, realpathSync, statSync } from 'node:fs';
import { delimiter, isAbsolute, join, resolve } from 'node:path';
import { MissingToolError, PackageVmError } from '@package-vm/errors';
import { runProgram } from '@package-vm/process';

const QEMU = 'qemu-system-x86_64';

/** The absolute path of QEMU, or of the program given in its place. @throws PVM_MISSING_TOOL */
export function findQemu(program = QEMU, path = process.env.PATH ?? ''): string {
  const found = findProgram(program, path);
  if (found !== undefined) return found;
  throw new MissingToolError({
    tool: program,
    purpose: 'boot an image',
    // one line for each; the error puts it between backticks
    install: 'apt-get install qemu-system-x86` (Debian, Ubuntu), `dnf install qemu-system-x86` (Fedora) or `brew install qemu',
  });
}

/** Makes sure that a program which booted nothing is QEMU at all. @throws PVM_QEMU_FAILED */
export async function requireQemu(program: string): Promise<void> {
  const { stdout } = await runProgram({ program, args: ['--version'], accept: 'any', timeoutMs: 10_000, missing: { purpose: 'boot an image', install: 'apt-get install qemu-system-x86' } });
  if (/^QEMU emulator version /m.test(stdout)) return;
  throw new PackageVmError('PVM_QEMU_FAILED', `\`${program}\` boots nothing and is no QEMU: \`--version\` gives none of its versions`, { hint: 'Leave out `--qemu`, or name a `qemu-system-x86_64` there.' });
}

/** What goes in front of a command so that the program ends with this process even when that is killed; nothing where the machine has no such tool. */
export function withLifeline(): Promise<readonly string[]> {
  lifeline ??= tryLifeline();
  return lifeline;
}

let lifeline: Promise<readonly string[]> | undefined;

async function tryLifeline(): Promise<readonly string[]> {
  const setpriv = process.platform === 'linux' ? findProgram('setpriv', process.env.PATH ?? '') : undefined;
  if (setpriv === undefined) return [];
  // that of BusyBox does not know the option
  const args = ['--pdeathsig', 'KILL'];
  const { exitCode } = await runProgram({ program: setpriv, args: [...args, 'true'], accept: 'any', missing: { purpose: 'end QEMU', install: 'apt-get install util-linux' } });
  return exitCode === 0 ? [setpriv, ...args] : [];
}

function findProgram(program: string, path: string): string | undefined {
  const places = program.includes('/') ? [resolve(program)] : path.split(delimiter).filter(isAbsolute).map((folder) => join(folder, program));
  return places.filter(isExecutable).map((place) => realpathSync(place))[0];
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
