import { type Colors } from 'picocolors/types.js';

/** Where the command line reads and writes. Data goes to `out`, everything else to `note`. */
export interface Terminal {
  /** Writes data and waits until it is taken. */
  out(text: string | Uint8Array): Promise<void>;
  /** Writes a line for people. */
  note(line: string): void;
  /** Writes output of another program as it comes. */
  pass(text: string | Uint8Array): void;
  /** Whether people watch: progress may be drawn. */
  readonly isInteractive: boolean;
  readonly colors: Colors;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Aborted by Ctrl-C and SIGTERM. */
  readonly signal: AbortSignal;
}
