import { isComplaint, qemuError } from './qemu-errors.js';

describe('qemuError', () => {
  it.each([
    { stderr: 'qemu-system-x86_64: cannot set up guest memory \'pc.ram\': Cannot allocate memory', code: 'PVM_NOT_ENOUGH_MEMORY', hint: '--memory' },
    { stderr: 'Could not access KVM kernel module: Permission denied', code: 'PVM_NO_ACCELERATION', hint: '--accel tcg' },
    { stderr: 'qemu-system-x86_64: invalid accelerator hvf', code: 'PVM_NO_ACCELERATION', hint: '--accel tcg' },
    { stderr: 'KVM internal error. Suberror: 1', code: 'PVM_NO_ACCELERATION', hint: '--accel tcg' },
    { stderr: "qemu-system-x86_64: -virtfs local: There is no option group 'virtfs'", code: 'PVM_QEMU_FAILED', hint: 'Debian' },
    { stderr: 'qemu-system-x86_64: -gdb tcp:127.0.0.1:1234: Failed to find an available port: Address already in use', code: 'PVM_QEMU_FAILED', hint: '--gdb' },
    { stderr: 'qemu-system-x86_64: -device scsi-hd: Failed to get shared "write" lock', code: 'PVM_QEMU_FAILED', hint: 'Wait' },
    { stderr: "qemu-system-x86_64: Invalid SMP CPUs 999. The max CPUs supported by machine 'pc-q35-7.2' is 288", code: 'PVM_QEMU_FAILED', hint: '--cpus' },
  ])('knows $stderr', ({ stderr, code, hint }) => {
    expect(qemuError({ stderr, exitCode: 1, signal: undefined })).toMatchObject({ code, message: expect.stringContaining(stderr) as string, hint: expect.stringContaining(hint) as string });
  });

  it.each([
    { end: { exitCode: 2, signal: undefined, stderr: 'odd\n' }, message: 'QEMU ended with exit code 2: odd' },
    { end: { exitCode: undefined, signal: 'SIGSEGV', stderr: '' }, message: 'QEMU was ended by SIGSEGV' },
    { end: { exitCode: undefined, signal: 'SIGKILL', stderr: '' }, message: 'QEMU was killed, as a machine does that runs out of memory' },
  ])('says: $message', ({ end, message }) => {
    expect(qemuError(end)).toMatchObject({ code: 'PVM_QEMU_FAILED', message });
  });
});

it.each([
  ['', false],
  ["qemu-system-x86_64: warning: TCG doesn't support requested feature\n", false],
  ['qemu-system-x86_64: warning: a\nqemu-system-x86_64: -drive: Could not open\n', true],
])('%j is a complaint: %s', (stderr, expected) => {
  expect(isComplaint(stderr)).toBe(expected);
});
