import { MissingToolError, PackageVmError } from '@package-vm/errors';
import { findProgram, runProgram } from '@package-vm/process';

const QEMU = 'qemu-system-x86_64';

/** The absolute path of QEMU, or of the program given in its place. @throws PVM_MISSING_TOOL */
export function findQemu(program = QEMU): string {
  const found = findProgram(program);
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
