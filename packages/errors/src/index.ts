export { PackageVmError, errorCodeOf, errorExitCode, errorMessageOf, isPackageVmError } from './package-vm-error.js';
export type { ErrorDetails } from './package-vm-error.js';
export { errorCodes } from './error-codes.js';
export type { ErrorCode, ErrorKind } from './error-codes.js';
export { MissingToolError } from './missing-tool-error.js';
export type { MissingTool } from './missing-tool-error.js';
export { printable, printableLines } from './printable.js';
