import { z } from 'zod';

/**
 * The kinds of values that several sections use. A rule's message continues the sentence "`key` …, found …"; every rule is a pattern, so that the
 * JSON schema made from it says the same. `kind` names one for which `validate/repairs.ts` knows what was meant.
 */

/** A path on the machine that packages; what it is relative to depends on the key. */
export const hostPath = z.string().min(1, 'must not be empty');

/** Names between single slashes, none of them `.` or `..`. */
const PLAIN_PATH = /^\/$|^(\/(?!\.{1,2}(\/|:ro$|$))[^/]+)+$/;
const PLAIN_RULE = 'must be a plain path, without `.`, `..`, `//` or a `/` at its end';

/** An absolute path inside the image. */
export const guestPath = z
  .string()
  .regex(/^\//, 'must be an absolute path inside the image, e.g. `/workspace`')
  .regex(PLAIN_PATH, PLAIN_RULE)
  .meta({ kind: 'guest path' });

/** Where a volume or the workspace appears, and whether it may be written to. */
export const mountPoint = z
  .string()
  .regex(/^\/[^:]/, 'must be a folder inside the image, e.g. `/workspace`')
  // the kernel cuts at the first `:ro` anywhere (nanos src/kernel/storage.c:137)
  .regex(/^[^:]*(:ro)?$/, 'must have no `:` but in `:ro` at its end')
  .regex(PLAIN_PATH, PLAIN_RULE)
  .meta({ kind: 'guest path' });

/** A number of bytes. ops ignores what does not match, without a word (lepton/image.go:510-512). */
export const size = z
  .string()
  .regex(/^\d+[kmgKMG]?$/, 'must be a number with `k`, `m` or `g` after it, e.g. `"512m"`')
  .meta({ kind: 'size' });

/** ops leaves out an address that it cannot read, without a word. */
export const ipv4 = z.ipv4('must be an IPv4 address');
export const ipv6 = z.ipv6('must be an IPv6 address');
export const ipAddress = z.union([ipv4, ipv6], 'must be an IP address');

/** A whole number of 0 or more. */
export const count = z.int('must be a whole number').min(0, 'must not be negative');

/** A port or a range of ports. */
export const ports = z.string().regex(/^\d{1,5}(-\d{1,5})?$/, 'must be a port or a range, e.g. `"80"` or `"70-80"`');

/** A number that the kernel reads from a string. */
export const numberText = z.string().regex(/^\d+$/, 'must be a whole number in quotes, e.g. `"1500"`');
