import { type Terminal } from './terminal.js';

/** What the commands share: the terminal, and the exit code that a command wants. */
export interface CommandContext {
  readonly terminal: Terminal;
  /** The exit code when nothing is thrown. */
  exitCode: number;
}
