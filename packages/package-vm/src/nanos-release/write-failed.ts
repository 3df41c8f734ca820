import { writeFailed } from '../host-files/write-failed.js';

/** Runs an action that writes at `path` in the cache; what the system refuses becomes one error. @throws PVM_WRITE_FAILED */
export async function writing<T>(path: string, action: () => T | Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    throw cacheWriteFailed(path, error);
  }
}

export function cacheWriteFailed(path: string, cause: unknown): unknown {
  return writeFailed(path, cause, 'Free some space or allow writing there; XDG_CACHE_HOME moves the cache.');
}
