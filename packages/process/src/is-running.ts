import { errorCodeOf } from '@package-vm/errors';

/** Whether a process of this number runs; what a process that does not run left behind may be swept. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errorCodeOf(error) === 'EPERM';
  }
}
