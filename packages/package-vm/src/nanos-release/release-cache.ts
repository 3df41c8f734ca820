import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

export interface CachePlace {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  readonly home: string;
}

/** The user's cache of Nanos releases: a folder for each version. */
export function defaultCacheFolder({ env, platform, home }: CachePlace = { env: process.env, platform: process.platform, home: homedir() }): string {
  const xdg = env.XDG_CACHE_HOME;
  // the specification says that a relative path is to be ignored
  if (xdg !== undefined && isAbsolute(xdg)) return join(xdg, 'package-vm', 'nanos');
  const caches = platform === 'darwin' ? join(home, 'Library', 'Caches') : join(home, '.cache');
  return join(caches, 'package-vm', 'nanos');
}
