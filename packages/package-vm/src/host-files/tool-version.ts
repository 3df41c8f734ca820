import { readFileSync } from 'node:fs';
import { ownFile } from './own-file.js';

/** The version of this package, from its package.json. */
export function toolVersion(): string {
  const { version } = JSON.parse(readFileSync(ownFile('package.json'), 'utf8')) as { version: string };
  return version;
}
