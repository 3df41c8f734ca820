import { createHash } from 'node:crypto';
import { toHex } from '../codec/codec.js';
import { UUID_BYTES } from './layout.js';

/** A uuid that follows from its input alone: version 8 of RFC 9562, its bits taken from a SHA-256. */
export function deriveUuid(parts: readonly (string | Uint8Array)[]): Uint8Array {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  const uuid = Uint8Array.from(hash.digest().subarray(0, UUID_BYTES));
  uuid[6] = ((uuid[6] ?? 0) & 0x0f) | 0x80;
  uuid[8] = ((uuid[8] ?? 0) & 0x3f) | 0x80;
  return uuid;
}

/** A uuid as Nanos prints it and as the `mounts` of a root tuple name it. */
export function formatUuid(bytes: Uint8Array): string {
  return toHex(bytes).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
