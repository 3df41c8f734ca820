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
  PVM_BAD_ARCHIVE: 'input',
  PVM_BAD_BOOT_LOADER: 'input',
  PVM_BAD_BUNDLE: 'input',
  PVM_BAD_CARGO_MANIFEST: 'input',
  PVM_BAD_ELF: 'input',
  PVM_BAD_IMAGE: 'input',
  PVM_BAD_MANIFEST: 'input',
  PVM_BAD_NANOS_FOLDER: 'input',
  PVM_BAD_NANOS_LOCK: 'input',
  PVM_BAD_NANOS_MIRROR: 'usage',
  PVM_BAD_NANOS_VERSION: 'usage',
  PVM_BAD_SETTINGS: 'input',
  PVM_BAD_TASK: 'input',
  PVM_BAD_TREE: 'input',
  PVM_BAD_USAGE: 'usage',
  PVM_BAD_WORKSPACE: 'input',
  PVM_BOOT_FILES_TOO_LARGE: 'input',
  PVM_CANCELLED: 'failed',
  PVM_CANNOT_REHEARSE: 'missing',
  PVM_CARGO_FAILED: 'failed',
  PVM_CARGO_LOCK: 'input',
  PVM_COMPILE_FAILED: 'input',
  PVM_DOWNLOAD_FAILED: 'missing',
  PVM_FILE_CHANGED: 'input',
  PVM_IMAGE_TOO_LARGE: 'input',
  PVM_LIBRARY_NOT_FOUND: 'missing',
  PVM_LOCK_LOST: 'failed',
  PVM_MANIFEST_EXISTS: 'input',
  PVM_MISSING_TOOL: 'missing',
  PVM_NANOS_DIGEST_MISMATCH: 'input',
  PVM_NANOS_NOT_LOCKED: 'input',
  PVM_NOT_ENOUGH_MEMORY: 'missing',
  PVM_NOT_IN_IMAGE: 'input',
  PVM_NO_ACCELERATION: 'missing',
  PVM_NO_CARGO_PACKAGE: 'input',
  PVM_NO_FILE: 'input',
  PVM_NO_MANIFEST: 'input',
  PVM_NO_NAMESPACES: 'missing',
  PVM_NO_NANOS_RELEASE: 'missing',
  PVM_NO_PROGRAM: 'input',
  PVM_NO_SUCH_NANOS_VERSION: 'input',
  PVM_NO_SUCH_PROGRAM: 'input',
  PVM_NO_TRACING: 'missing',
  PVM_OFFLINE: 'missing',
  PVM_OPS_DIFFERS: 'failed',
  PVM_OPS_FAILED: 'failed',
  PVM_OPS_MISSING_KERNEL: 'failed',
  PVM_OPS_MISSING_KLIB: 'failed',
  PVM_OPS_TOO_OLD: 'missing',
  PVM_OPS_UNSUPPORTED: 'input',
  PVM_PROGRAM_FAILED: 'failed',
  PVM_PROGRAM_TIMED_OUT: 'failed',
  PVM_QEMU_FAILED: 'failed',
  PVM_SANDBOX_FAILED: 'failed',
  PVM_SEVERAL_PROGRAMS: 'usage',
  PVM_UNHASHED_FILE: 'input',
  PVM_WRITE_FAILED: 'failed',
  PVM_WRONG_TARGET: 'input',
} as const satisfies Record<string, ErrorKind>;

export type ErrorCode = keyof typeof errorCodes;
