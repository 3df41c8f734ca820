import { type ErrorCode, PackageVmError } from '@package-vm/errors';
import { outputTail } from '@package-vm/process';

interface QemuMessage {
  readonly pattern: RegExp;
  readonly code: Extract<ErrorCode, 'PVM_QEMU_FAILED' | 'PVM_NOT_ENOUGH_MEMORY' | 'PVM_NO_ACCELERATION'>;
  readonly message: string;
  readonly hint?: string;
}

/** Then it ends with exit code 0, as after a guest that switches the VM off. */
const ENDED_FROM_OUTSIDE = /terminating on signal \d+/;

/** What QEMU says when it does not start a VM. */
const QEMU_MESSAGES: readonly QemuMessage[] = [
  {
    pattern: /cannot set up guest memory|Cannot allocate memory|exceeds? (?:the )?(?:limit|maximum).*memory/i,
    code: 'PVM_NOT_ENOUGH_MEMORY', message: 'This machine cannot give the VM its memory', hint: 'Give it less with `--memory`.',
  },
  {
    pattern: /Could not access KVM|failed to initialize (?:kvm|hvf)|invalid accelerator|KVM internal error|HV_(?:ERROR|UNSUPPORTED|DENIED)/i,
    code: 'PVM_NO_ACCELERATION', message: 'QEMU cannot use the accelerator that was asked for', hint: '`--accel tcg` works everywhere; `--accel auto` takes it where nothing faster works.',
  },
  {
    pattern: /no option group 'virtfs'|virtio-9p\S* is not a valid device|There is no option group .?virtfs|fsdev support is disabled/i,
    code: 'PVM_QEMU_FAILED', message: 'This QEMU is built without 9p, through which a node gives a program its workspace', hint: 'Use the QEMU of Debian, Ubuntu, Fedora or Homebrew.',
  },
  { pattern: /Failed to bind socket|Failed to find an available port|Address already in use/i, code: 'PVM_QEMU_FAILED', message: 'The port for gdb is taken', hint: 'Name another one with `--gdb <port>`.' },
  { pattern: /Failed to get (?:shared )?"(?:write|consistent read)" lock/, code: 'PVM_QEMU_FAILED', message: 'Another program is writing the image', hint: 'Wait until it is finished.' },
  { pattern: ENDED_FROM_OUTSIDE, code: 'PVM_QEMU_FAILED', message: 'QEMU was ended from outside, so nothing is known of the program' },
  { pattern: /Invalid SMP CPUs|max(?:imum)? (?:number of )?CPUs|supports.*cpus/i, code: 'PVM_QEMU_FAILED', message: 'QEMU cannot give a VM so many CPUs', hint: 'Give it fewer with `--cpus`.' },
];

/** Why QEMU itself failed, from what it says. */
export function qemuError({ stderr, exitCode, signal }: { readonly stderr: string; readonly exitCode: number | undefined; readonly signal: string | undefined }): PackageVmError {
  const lines = stderr.split('\n');
  for (const { pattern, code, message, hint } of QEMU_MESSAGES) {
    const line = lines.find((text) => pattern.test(text));
    if (line !== undefined) return new PackageVmError(code, `${message}: ${line.trim()}`, { hint });
  }
  if (signal === 'SIGKILL') {
    return new PackageVmError('PVM_QEMU_FAILED', 'QEMU was killed, as a machine does that runs out of memory', { hint: 'Give the VM less memory with `--memory`, or run fewer at once.' });
  }
  const told = outputTail(stderr, 5);
  const how = signal === undefined ? `ended with exit code ${exitCode ?? '?'}` : `was ended by ${signal}`;
  return new PackageVmError('PVM_QEMU_FAILED', `QEMU ${how}${told === '' ? '' : `: ${told}`}`);
}

/** Whether somebody else ended QEMU. */
export function isEndedFromOutside(stderr: string): boolean {
  return ENDED_FROM_OUTSIDE.test(stderr);
}

/** Whether something in QEMU's own words is more than a warning. */
export function isComplaint(stderr: string): boolean {
  return stderr.split('\n').some((line) => line.trim() !== '' && !/: warning: |: info: |^warning: /.test(line));
}
