import { type BigIntStats } from 'node:fs';

/** A change this recent may share its time stamp with one that comes next: the kernel's clock for files ticks every few milliseconds. */
const SETTLED_AFTER_NS = 1_000_000_000n;

/**
 * What tells a file's content at one moment from that at another without reading it: every write changes the time of change, which no program
 * can set back. Undefined for a file that changed in the last second, as git does it.
 */
export function stampOf(stats: BigIntStats): string | undefined {
  const nowNs = BigInt(Date.now()) * 1_000_000n;
  return nowNs - stats.ctimeNs < SETTLED_AFTER_NS ? undefined : momentaryStampOf(stats);
}

/** The same stamp, however recent the last change is: a further one may leave it as it is. */
export function momentaryStampOf({ dev, ino, size, mtimeNs, ctimeNs }: BigIntStats): string {
  return [dev, ino, size, mtimeNs, ctimeNs].join(' ');
}
