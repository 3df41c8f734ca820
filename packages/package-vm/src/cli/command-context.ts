import { type Terminal } from './terminal.js';

/** What the commands share: the terminal, and the exit code that a command wants. */
export interface CommandContext {
  readonly terminal: Terminal;
  /** The exit code when nothing is thrown. */
  exitCode: number;
  /** From where what is thrown names its files; the current folder where no command says so. */
  root?: string;
}
