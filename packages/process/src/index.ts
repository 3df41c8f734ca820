export { runProgram, outputTail } from './run-program.js';
export type { ProgramCall, ProgramResult, OutputStream } from './run-program.js';
export { findProgram } from './find-program.js';
export { withLifeline } from './lifeline.js';
export { isRunning } from './is-running.js';
export { makeTemporaryFolder } from './temporary-folder.js';
