import { readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { PackageVmError } from '@package-vm/errors';
import { type SandboxEnd } from './sandbox-report.js';

/** What a failed step is explained by: the text of a file of this machine, or undefined where it is missing or not readable. */
export type ReadHostFile = (path: string) => string | undefined;

export const readHostFile: ReadHostFile = (path) => {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    // absent, or hidden from us: then it explains nothing
    return undefined;
  }
};

/** Steps that fail where user namespaces are forbidden: making one, mapping ids in it, or using what it should allow. */
const NAMESPACE_STEPS = new Set(['user-namespace', 'uid-map', 'namespaces', 'loopback', 'hostname', 'mount', 'pivot-root']);
const REFUSALS = new Set<number>([constants.errno.EPERM, constants.errno.EINVAL, constants.errno.ENOSPC, constants.errno.ENOSYS]);
const WEAK = 'or choose the weaker isolation with `--isolation weak`';

/** A step of building the sandbox failed: what is wrong with this machine, and the choices. */
export function sandboxError({ step, errno }: Extract<SandboxEnd, { kind: 'failed' }>, readFile: ReadHostFile = readHostFile): PackageVmError {
  const data = { step, errno: errnoName(errno) };
  if (NAMESPACE_STEPS.has(step) && (REFUSALS.has(errno) || step === 'uid-map')) {
    return new PackageVmError('PVM_NO_NAMESPACES', `This machine does not let a program have namespaces of its own: the step \`${step}\` gave ${errnoName(errno)}`, {
      hint: namespaceHint(step, errno, readFile),
      data,
    });
  }
  if (step === 'trace' || step === 'filter') {
    return new PackageVmError('PVM_NO_TRACING', `This machine does not let a program be traced or filtered, which every rehearsal needs: the step \`${step}\` gave ${errnoName(errno)}`, {
      hint:
        readFile('/proc/sys/kernel/yama/ptrace_scope') === '3'
          ? 'Tracing is switched off until the next start (`kernel.yama.ptrace_scope` is 3): set it to 2 or less.'
          : 'In a container, allow `ptrace` and `seccomp`, e.g. with `--security-opt seccomp=unconfined`.',
      data,
    });
  }
  return new PackageVmError('PVM_SANDBOX_FAILED', `Could not build the sandbox: the step \`${step}\` gave ${errnoName(errno)}`, { hint: stepHint(step), data });
}

/** Each cause has its own way out, the weaker isolation is always one. */
function namespaceHint(step: string, errno: number, readFile: ReadHostFile): string {
  if (readFile('/proc/sys/kernel/apparmor_restrict_unprivileged_userns') === '1' && step !== 'user-namespace') {
    return `AppArmor restricts user namespaces, as Ubuntu does since 24.04: run \`sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0\`, run it as root, ${WEAK}.`;
  }
  if (errno === constants.errno.ENOSPC || readFile('/proc/sys/user/max_user_namespaces') === '0') {
    return `No more user namespaces are allowed: raise the limit with \`sudo sysctl -w user.max_user_namespaces=15000\`, ${WEAK}.`;
  }
  if (readFile('/proc/sys/kernel/unprivileged_userns_clone') === '0') {
    return `User namespaces are switched off: run \`sudo sysctl -w kernel.unprivileged_userns_clone=1\`, ${WEAK}.`;
  }
  if (errno === constants.errno.EINVAL || errno === constants.errno.ENOSYS) return `The kernel is built without user namespaces: use another machine, ${WEAK}.`;
  return `In a container, start it with \`--security-opt seccomp=unconfined\` and, if that is not enough, \`--privileged\`, ${WEAK}.`;
}

function stepHint(step: string): string | undefined {
  if (step === 'workspace' || step === 'mount-workspace') return 'See that the workspace is there and that its owner may enter it.';
  if (step === 'mount') return 'Set TMPDIR to a folder that everybody may enter: started as root, a rehearsal runs as the owner of the workspace.';
  if (step === 'cwd') return 'The working folder (`cwd`) that the image names is not in it.';
  return undefined;
}

/** `EPERM` for 1. */
export function errnoName(errno: number): string {
  return Object.entries(constants.errno).find(([, number]) => number === errno)?.[0] ?? `error ${errno}`;
}
