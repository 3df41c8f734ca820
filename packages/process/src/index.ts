export { runProgram, outputTail } from './run-program.js';
export type { ProgramCall, ProgramResult, OutputStream } from './run-program.js';
