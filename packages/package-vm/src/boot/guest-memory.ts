import { readFileSync } from 'node:fs';
import { errorCodeOf } from '@package-vm/errors';

/** The first look, the longest wait between two, and how much longer than a look a wait must be, since the VM stands still meanwhile. */
const FIRST_LOOK_MS = 50;
const LONGEST_WAIT_MS = 250;
const WAIT_FACTOR = 50;

/**
 * Watches how much of a VM's memory is in use while QEMU runs: memory that the guest has touched once stays. What it touches
 * right before its end may be missed. On Linux only; undefined elsewhere.
 */
export class GuestMemoryWatch {
  readonly #memoryMiB: number;
  #peakBytes: number | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(memoryMiB: number) {
    this.#memoryMiB = memoryMiB;
  }

  get peakBytes(): number | undefined {
    return this.#peakBytes;
  }

  start(pid: number): void {
    this.#lookAfter(pid, FIRST_LOOK_MS);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #lookAfter(pid: number, waitMs: number): void {
    this.#timer = setTimeout(() => {
      const start = performance.now();
      const seen = readGuestMemory(`/proc/${pid}/smaps`, this.#memoryMiB) ?? 0;
      const lookMs = performance.now() - start;
      if (seen > 0) this.#peakBytes = Math.max(this.#peakBytes ?? 0, seen);
      this.#lookAfter(pid, Math.max(Math.min(LONGEST_WAIT_MS, waitMs * 1.5), WAIT_FACTOR * lookMs));
    }, waitMs).unref();
  }
}

/** The bytes of the VM's memory that are there: the one mapping of QEMU that has its size. */
export function readGuestMemory(smapsPath: string, memoryMiB: number): number | undefined {
  let text;
  try {
    text = readFileSync(smapsPath, 'utf8');
  } catch (error) {
    // gone, or no Linux; a zombie gives ESRCH or nothing
    if (['ENOENT', 'ESRCH', 'EACCES', 'EPERM'].includes(errorCodeOf(error) ?? '')) return undefined;
    throw error;
  }
  const match = new RegExp(`^Size: +${memoryMiB * 1024} kB\n(?:\\w+: .*\n)*?Rss: +(\\d+) kB$`, 'm').exec(text);
  return match === null ? undefined : Number(match[1]) * 1024;
}
