/**
 * Whose fault a failure is; decides the exit code of the command line:
 * `input` 1, `usage` 2, `missing` (a tool, a release, a permission of the machine) 3, `failed` 1 (a program or a disk failed).
 */
export type ErrorKind = 'input' | 'usage' | 'missing' | 'failed';

/**
 * Every code of a {@link PackageVmError}, with whose fault it is. A code is an interface: it is never reused or renamed.
 * Sorted by code; a test holds that each is reached by some test.
 */
export const errorCodes = {
  PVM_BAD_BOOT_LOADER: 'input',
  PVM_BAD_ELF: 'input',
  PVM_BAD_IMAGE: 'input',
  PVM_BAD_TREE: 'input',
  PVM_BOOT_FILES_TOO_LARGE: 'input',
  PVM_CANCELLED: 'failed',
  PVM_FILE_CHANGED: 'input',
  PVM_IMAGE_TOO_LARGE: 'input',
  PVM_MISSING_TOOL: 'missing',
  PVM_NOT_IN_IMAGE: 'input',
  PVM_NO_FILE: 'input',
  PVM_PROGRAM_FAILED: 'failed',
  PVM_PROGRAM_TIMED_OUT: 'failed',
  PVM_WRITE_FAILED: 'failed',
} as const satisfies Record<string, ErrorKind>;

export type ErrorCode = keyof typeof errorCodes;
