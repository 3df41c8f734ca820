import { type Finding, probably } from '../finding.js';
import { type Check } from './check.js';

/** Folders that the kernel or the program needs as they are in the image. */
const SYSTEM_FOLDERS = ['/bin', '/dev', '/etc', '/lib', '/lib64', '/proc', '/sys', '/usr'];

/** Where things are mounted, on every platform. */
export function* mountPointRules({ manifest, platform, report }: Check): Iterable<Finding> {
  const taken = new Map<string, string>();
  for (const [key, mounted] of Object.entries(manifest.Mounts ?? {})) {
    const keys = ['Mounts', key];
    const guestPath = mounted.replace(/:ro$/, '');
    const systemFolder = SYSTEM_FOLDERS.find((folder) => guestPath === folder || guestPath.startsWith(`${folder}/`));
    if (systemFolder !== undefined) yield report('mount-over-system', keys, { keys, guestPath });
    const other = taken.get(guestPath);
    if (other !== undefined) yield report('mount-point-taken', keys, { keys, guestPath, other, platform }, { fix: probably({ kind: 'remove', keys }) });
    taken.set(guestPath, key);
  }
  for (const [guestPath, key] of taken) {
    const outer = foldersAround(guestPath).map((folder) => taken.get(folder)).find((other) => other !== undefined);
    const keys = ['Mounts', key];
    if (outer !== undefined) yield report('mount-inside-mount', keys, { keys, guestPath, outer });
  }
}

/** `/a` and `/a/b` of `/a/b/c`. */
function foldersAround(path: string): readonly string[] {
  const names = path.split('/').slice(0, MAX_DEPTH);
  return names.slice(2).map((_, index) => names.slice(0, index + 2).join('/'));
}

/** Deeper folders are not looked for. */
const MAX_DEPTH = 100;
