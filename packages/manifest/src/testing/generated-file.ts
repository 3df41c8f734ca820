import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../../../..');

/**
 * Holds that a file of the repository is what it is generated to be; `npm run generate` writes it instead.
 * `path` is relative to the repository.
 */
export function expectGenerated(path: string, text: string): void {
  const file = join(ROOT, path);
  if (process.env.PACKAGE_VM_GENERATE === '1') writeFileSync(file, text);
  // compared as a whole, with what to do in the message
  const isStale = readFileSync(file, 'utf8') !== text;
  expect(isStale ? `${path} is stale: run \`npm run generate\`` : path).toBe(path);
}
