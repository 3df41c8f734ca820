import { bytes, constant, s32, u64 } from '../codec/codec.js';
import { record } from '../codec/record.js';
import { KLOG_BYTES } from '../layout.js';

const MAGIC = new TextEncoder().encode('KLOG');

/** The kernel's log dump in front of the first partition (nanos `src/kernel/log.h`, `struct klog_dump`). */
export const klogDump = record('Kernel log dump', {
  magic: constant(MAGIC),
  bootId: u64,
  exitCode: s32,
  /** Text up to a NUL. */
  messages: bytes(KLOG_BYTES - 16),
});

/** What the kernel left on the disk when the program ended with another code than 0. */
export interface Klog {
  readonly bootId: bigint;
  readonly exitCode: number;
  /** The last lines of the console. */
  readonly messages: string;
}

/** Decodes the log dump; undefined where the kernel has written none (like the kernel, by the magic number alone). */
export function decodeKlog(dump: Uint8Array): Klog | undefined {
  if (MAGIC.some((byte, index) => dump[index] !== byte)) return undefined;
  const { bootId, exitCode, messages } = klogDump.decode(dump);
  const end = messages.indexOf(0);
  return { bootId, exitCode, messages: new TextDecoder().decode(messages.subarray(0, end === -1 ? messages.length : end)) };
}
