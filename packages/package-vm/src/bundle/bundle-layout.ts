import { join } from 'node:path';

/** Where things are in a bundle's folder. */
export const BUNDLE_JSON = 'bundle.json';
export const PROGRAM_FILE = 'program';
export const SCHEMA_VERSION = 1;

/** Libraries lie below `root`, under their paths in the image. */
export function libraryFile(guestPath: string): string {
  return join('root', guestPath);
}
