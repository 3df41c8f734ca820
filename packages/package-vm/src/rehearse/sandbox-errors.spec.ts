import { readHostFile, sandboxError } from './sandbox-errors.js';
import { requireLinux } from './rehearse.js';

const EPERM = 1;
const EACCES = 13;
const ENOSPC = 28;
const ENOSYS = 38;

describe('sandboxError', () => {
  it.each<{ cause: string; step: string; errno: number; files: Record<string, string>; hint: string }>([
    { cause: "Ubuntu 24.04's AppArmor at the id map", step: 'uid-map', errno: EACCES, files: { '/proc/sys/kernel/apparmor_restrict_unprivileged_userns': '1' }, hint: 'kernel.apparmor_restrict_unprivileged_userns=0' },
    { cause: "Ubuntu 24.04's AppArmor at the loopback", step: 'loopback', errno: EPERM, files: { '/proc/sys/kernel/apparmor_restrict_unprivileged_userns': '1' }, hint: 'kernel.apparmor_restrict_unprivileged_userns=0' },
    { cause: 'a limit that is spent', step: 'user-namespace', errno: ENOSPC, files: { '/proc/sys/kernel/apparmor_restrict_unprivileged_userns': '1' }, hint: 'user.max_user_namespaces' },
    { cause: 'a limit of none', step: 'user-namespace', errno: EPERM, files: { '/proc/sys/user/max_user_namespaces': '0' }, hint: 'user.max_user_namespaces' },
    { cause: 'an older Debian', step: 'user-namespace', errno: EPERM, files: { '/proc/sys/kernel/unprivileged_userns_clone': '0' }, hint: 'kernel.unprivileged_userns_clone=1' },
    { cause: 'a kernel without them', step: 'user-namespace', errno: ENOSYS, files: {}, hint: 'built without user namespaces' },
    { cause: "Docker's filter", step: 'user-namespace', errno: EPERM, files: {}, hint: 'seccomp=unconfined' },
    { cause: 'a container that hides mounts', step: 'mount', errno: EPERM, files: {}, hint: '--privileged' },
  ])('names the way out of $cause, and the weaker one', ({ step, errno, files, hint }) => {
    const error = sandboxError({ kind: 'failed', step, errno }, (path) => files[path]);
    expect(error).toMatchObject({ code: 'PVM_NO_NAMESPACES', hint: expect.stringContaining(hint) as string });
    expect(error.hint).toContain('`--isolation weak`');
  });

  it.each<{ reason: string; step: string; errno: number; code: string; hint: string | undefined }>([
    { reason: 'tracing is refused', step: 'trace', errno: EPERM, code: 'PVM_NO_TRACING', hint: 'seccomp=unconfined' },
    { reason: 'filters are refused', step: 'filter', errno: 22, code: 'PVM_NO_TRACING', hint: 'seccomp=unconfined' },
    { reason: 'the working folder is missing', step: 'cwd', errno: 2, code: 'PVM_SANDBOX_FAILED', hint: '`cwd`' },
    { reason: 'the workspace cannot be entered', step: 'workspace', errno: EACCES, code: 'PVM_SANDBOX_FAILED', hint: 'its owner' },
    { reason: 'no process can be started', step: 'fork', errno: 11, code: 'PVM_SANDBOX_FAILED', hint: undefined },
    { reason: 'the temporary folder cannot be entered', step: 'mount', errno: EACCES, code: 'PVM_SANDBOX_FAILED', hint: 'TMPDIR' },
  ])('tells when $reason', ({ step, errno, code, hint }) => {
    const error = sandboxError({ kind: 'failed', step, errno }, () => undefined);
    expect(error).toMatchObject({ code, message: expect.stringContaining(`\`${step}\``) as string });
    expect(error.hint).toEqual(hint === undefined ? undefined : expect.stringContaining(hint));
  });

  it('knows a machine where tracing is switched off for good', () => {
    expect(sandboxError({ kind: 'failed', step: 'trace', errno: EPERM }, () => '3').hint).toContain('kernel.yama.ptrace_scope');
  });

  it('takes a file that is not there for no explanation', () => {
    expect(readHostFile('/no/such/file')).toBeUndefined();
  });
});

describe('requireLinux', () => {
  it.each([
    { platform: 'darwin', arch: 'arm64' },
    { platform: 'darwin', arch: 'x64' },
    { platform: 'linux', arch: 'arm64' },
    { platform: 'win32', arch: 'x64' },
  ])('refuses $platform on $arch with the choices', ({ platform, arch }) => {
    expect(() => {
      requireLinux(platform, arch);
    }).toThrow(expect.objectContaining({ code: 'PVM_CANNOT_REHEARSE', hint: expect.stringContaining('--isolation weak') as string }) as Error);
  });

  it('takes Linux on x86-64', () => {
    expect(() => {
      requireLinux('linux', 'x64');
    }).not.toThrow();
  });
});
