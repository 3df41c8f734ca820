import { type ErrorCode, type ErrorKind, errorCodes } from './error-codes.js';

export interface ErrorDetails {
  /** The one next step, as a sentence with its period. */
  readonly hint?: string | undefined;
  readonly cause?: unknown;
  /** What a program may want to know, in the JSON output: plain data without secrets. */
  readonly data?: Readonly<Record<string, unknown>> | undefined;
}

/**
 * A failure that a user can cause and mend. The message is one sentence without a final period: what is wrong, the value
 * found, what was expected, where. Recognise it with {@link isPackageVmError} or by `code`, never by `instanceof` across packages.
 */
export class PackageVmError extends Error {
  override readonly name: string = 'PackageVmError';
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly data: Readonly<Record<string, unknown>> | undefined;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.hint = details.hint;
    this.data = details.data;
  }
}

/** Whether a caught value is a {@link PackageVmError}, also one of another copy of this package. */
export function isPackageVmError(value: unknown): value is PackageVmError {
  const code = errorCodeOf(value);
  return code !== undefined && value !== null && typeof value === 'object' && 'message' in value && Object.hasOwn(errorCodes, code);
}

/** The `code` of a caught value, e.g. `ENOENT` of a system error; by shape, since errors of other realms are no `Error` here. */
export function errorCodeOf(value: unknown): string | undefined {
  return typeof value === 'object' && value !== null && 'code' in value && typeof value.code === 'string' ? value.code : undefined;
}

/** The message of a caught value, in one line. */
export function errorMessageOf(value: unknown): string {
  const message = typeof value === 'object' && value !== null && 'message' in value ? value.message : value;
  return String(message).split('\n', 1)[0] ?? '';
}

const EXIT_CODES: Readonly<Record<ErrorKind, number>> = { input: 1, failed: 1, usage: 2, missing: 3 };

/** The exit code of the command line for a caught value: 1 the input is at fault, 2 wrong usage, 3 a tool or release is missing, 70 a bug of ours. */
export function errorExitCode(value: unknown): number {
  return isPackageVmError(value) ? EXIT_CODES[errorCodes[value.code]] : 70;
}
