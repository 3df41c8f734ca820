import { type Terminal } from './terminal.js';

export { formatBytes } from '../host-files/format-bytes.js';

/** Writes a value as the JSON output of a command. */
export async function writeJson(terminal: Terminal, value: unknown): Promise<void> {
  await terminal.out(`${JSON.stringify(value, null, 2)}\n`);
}
