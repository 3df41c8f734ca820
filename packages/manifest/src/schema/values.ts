import { z } from 'zod';

/**
 * The kinds of values that several sections use. A rule's message continues the sentence "`key` …, found …"; every rule is a pattern, so that the
 * JSON schema made from it says the same. `kind` names one for which `json-schema/repairs.ts` knows what was meant.
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

/** What is mounted: `%0` for the first device or share, a volume, or a folder of the host. */
export const mounted = z
  .string()
  .min(1, 'must not be empty')
  .regex(/^(%\d+|[^%][^]*)?$/, 'must be `%` and a number, a volume, or a folder');

/** A number of bytes. ops ignores what does not match, without a word (lepton/image.go:510-512). */
export const size = z
  .string()
  .regex(/^\d+[kmgKMG]?$/, 'must be a number with `k`, `m` or `g` after it, e.g. `"512m"`')
  .meta({ kind: 'size' });

/** ops leaves out an address that it cannot read, without a word. */
export const ipv4 = z.ipv4('must be an IPv4 address');
export const ipv6 = z.ipv6('must be an IPv6 address');
export const ipAddress = z.union([ipv4, ipv6], 'must be an IP address');

/** The last byte of a mask that is not all ones: some ones, then zeros. */
const PART = '(0|128|192|224|240|248|252|254)';
const MASK = new RegExp(`^(${PART}\\.0\\.0\\.0|255\\.${PART}\\.0\\.0|255\\.255\\.${PART}\\.0|255\\.255\\.255\\.(${PART}|255))$`);
export const netmask = z.string().regex(MASK, 'must be a network mask, e.g. `255.255.255.0`');

/** A whole number of 0 or more. */
export const count = z.int('must be a whole number').min(0, 'must not be negative');

const WORD = '(6553[0-5]|655[0-2]\\d|65[0-4]\\d\\d|6[0-4]\\d{3}|[1-5]\\d{4}|[1-9]\\d{0,3}|0)';

/** A port as ops's own numbers have it. */
export const portNumber = z.int('must be a port from 0 to 65535').min(0, 'must be a port from 0 to 65535').max(65_535, 'must be a port from 0 to 65535');

/** A port or a range of ports (ops cmd/network_ports.go). That a range does not end before it begins is a rule of its own. */
export const ports = z.string().regex(new RegExp(`^${WORD}(-${WORD})?$`), 'must be a port from 0 to 65535 or a range, e.g. `"80"` or `"70-80"`');

/** A number that the kernel reads from a string. */
export const numberText = z.string().regex(/^\d+$/, 'must be a whole number in quotes, e.g. `"1500"`');

/** Such numbers within the bounds that the kernel or a klib sets: beyond them it takes another value, or does not boot. */
export const numberTexts = {
  word: inQuotes(WORD, 'from 0 to 65535'),
  byte: inQuotes('(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)', 'from 0 to 255'),
  positive: inQuotes('[1-9]\\d*', 'from 1'),
  from15: inQuotes('(1[5-9]|[2-9]\\d|[1-9]\\d{2,})', 'from 15'),
  from60: inQuotes('([6-9]\\d|[1-9]\\d{2,})', 'from 60'),
  from256: inQuotes('(25[6-9]|2[6-9]\\d|[3-9]\\d\\d|[1-9]\\d{3,})', 'from 256'),
  to9: inQuotes('\\d', 'from 0 to 9'),
  from1To180: inQuotes('(180|1[0-7]\\d|[1-9]\\d?)', 'from 1 to 180'),
  from4To17: inQuotes('([4-9]|1[0-7])', 'from 4 to 17'),
  zeroOrFrom100000: inQuotes('(0|[1-9]\\d{5,})', 'that is 0, or from 100000'),
  zeroOrFrom500000: inQuotes('(0|[5-9]\\d{5}|[1-9]\\d{6,})', 'that is 0, or from 500000'),
} as const;

function inQuotes(pattern: string, bounds: string): z.ZodString {
  return z.string().regex(new RegExp(`^${pattern}$`), `must be a whole number ${bounds}, in quotes`);
}
