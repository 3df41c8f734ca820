import { basename } from 'node:path';

// `path+file:///ws/app#my-app@0.1.0`, `path+file:///ws/app#0.1.0`; before cargo 1.77 `my-app 0.1.0 (path+file:///ws/app)`

/** Whether an id is that of a package that is reached by a path. */
export function isByPath(packageId: string): boolean {
  return packageId.includes('path+file://');
}

/** The folder of a package that is reached by a path. */
export function folderOfPackage(packageId: string): string {
  return decodeURIComponent(/path\+file:\/\/([^#)]*)/.exec(packageId)?.[1] ?? '');
}

/** The name of a package that is reached by a path. */
export function nameOfPackage(packageId: string): string {
  const [, old, named] = /^([^\s:]+) |#([^@]+)@/.exec(packageId) ?? [];
  return old ?? named ?? basename(folderOfPackage(packageId));
}
