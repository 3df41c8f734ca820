import { join } from 'node:path';
import { type CachePlace, userCacheFolder } from '../host-files/user-cache-folder.js';

/** The user's cache of Nanos releases: a folder for each version. */
export function defaultCacheFolder(place?: CachePlace): string {
  return join(userCacheFolder(place), 'nanos');
}
