import { z } from 'zod';

/** The kinds of values that several sections use. A rule's message continues the sentence "`key` …, found …". */

/** A path on the machine that packages; what it is relative to depends on the key. */
export const hostPath = z.string().min(1, 'must not be empty');

/** An absolute path inside the image. */
export const guestPath = z
  .string()
  .regex(/^\//, { error: 'must be an absolute path inside the image, e.g. `/workspace`', abort: true })
  .refine(isPlainPath, 'must be a plain path, without `.`, `..`, `//` or a `/` at its end');

/** Where a volume or the workspace appears, and whether it may be written to. */
export const mountPoint = z
  .string()
  .regex(/^\/./, { error: 'must be a folder inside the image, e.g. `/workspace`', abort: true })
  // the kernel cuts at the first `:ro` anywhere (nanos src/kernel/storage.c:137)
  .regex(/^[^:]*(:ro)?$/, { error: 'must have no `:` but in `:ro` at its end', abort: true })
  .refine((value) => isPlainPath(value.replace(/:ro$/, '')), 'must be a plain path, without `.`, `..`, `//` or a `/` at its end');

/** A number of bytes. ops ignores what does not match, without a word (lepton/image.go:510-512). */
export const size = z.string().regex(/^\d+[kmgKMG]?$/, 'must be a number with `k`, `m` or `g` after it, e.g. `"512m"`');

/** ops leaves out an address that it cannot read, without a word. */
export const ipv4 = z.ipv4('must be an IPv4 address');
export const ipv6 = z.ipv6('must be an IPv6 address');
export const ipAddress = z.string().refine((value) => ipv4.safeParse(value).success || ipv6.safeParse(value).success, 'must be an IP address');

/** A whole number of 0 or more. */
export const count = z.int('must be a whole number').min(0, 'must not be negative');

/** A port or a range of ports. */
export const ports = z.string().regex(/^\d{1,5}(-\d{1,5})?$/, 'must be a port or a range, e.g. `"80"` or `"70-80"`');

/** A number that the kernel reads from a string. */
export const numberText = z.string().regex(/^\d+$/, 'must be a whole number in quotes, e.g. `"1500"`');

function isPlainPath(path: string): boolean {
  return path === '/' || path.slice(1).split('/').every((name) => name !== '' && name !== '.' && name !== '..');
}
