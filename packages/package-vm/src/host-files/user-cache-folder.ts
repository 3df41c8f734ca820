import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

export interface CachePlace {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  readonly home: string;
}

/** Where this tool may keep what it can find out or fetch again: a folder of the user's. */
export function userCacheFolder({ env, platform, home }: CachePlace = { env: process.env, platform: process.platform, home: homedir() }): string {
  const xdg = env.XDG_CACHE_HOME;
  // the specification says that a relative path is to be ignored
  if (xdg !== undefined && isAbsolute(xdg)) return join(xdg, 'package-vm');
  return join(platform === 'darwin' ? join(home, 'Library', 'Caches') : join(home, '.cache'), 'package-vm');
}
