import { type Finding, type Keys } from '@package-vm/manifest';
import { existsSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, posix, relative } from 'node:path';
import { type HostProblem } from './host-entries.js';
import { isInside } from './locate-host-path.js';
import { nearPath } from './near-path.js';
import { planFinding } from './plan-findings.js';
import { type PlaceOf } from './plan-options.js';

export interface ProblemOptions {
  readonly placeOf: PlaceOf;
  readonly baseFolder: string;
  readonly workspaceRoot: string;
  readonly crateFolder?: string | undefined;
}

/** So many paths are looked for among their neighbours: where more are missing, it is not for a slip. */
const MAX_NEAR = 50;

/** Problems with paths of the manifest, in words. */
export function findingsOfProblems(problems: readonly HostProblem[], options: ProblemOptions): readonly Finding[] {
  const { placeOf, workspaceRoot, baseFolder } = options;
  const folder = relative(workspaceRoot, baseFolder) || '.';
  return problems.map(({ code, path, keys }, index) => {
    const place = placeOf(keys, partOf(keys));
    if (code === 'missing-path' && !isAbsolute(path)) return planFinding(code, place, { path, folder, ...whereElse(path, options), near: index < MAX_NEAR ? nearOf(path, keys, options) : undefined, takesPatterns: keys[0] === 'MapDirs' });
    if (code === 'absolute-path' || code === 'missing-path') {
      // ops puts its working folder before it
      const inside = path.replace(/^\/+/, '');
      return planFinding('absolute-path', place, { path, inside: inside !== '' && existsSync(join(baseFolder, inside)) ? { path: inside, folder } : undefined });
    }
    return planFinding(code, place, { path, folder, key: String(keys[0]) });
  });
}

/** Of a map the key is the path of this machine. */
export function partOf(keys: Keys): 'key' | 'value' {
  return keys[0] === 'MapDirs' ? 'key' : 'value';
}

/** What was probably meant; the pattern of a map is as it is. */
function nearOf(path: string, keys: Keys, options: ProblemOptions): string | undefined {
  if (keys[0] !== 'MapDirs') return fromCrate(path, options) ?? nearPath(path, { baseFolder: options.baseFolder, boundary: options.workspaceRoot });
  const folder = nearOf(dirname(path), [], options);
  return folder && posix.join(folder, basename(path));
}

/** The path from where paths start to a file of the crate, where that is what is named. */
function fromCrate(path: string, { baseFolder, crateFolder = baseFolder }: ProblemOptions): string | undefined {
  const hostPath = join(crateFolder, path);
  return isInside(baseFolder, hostPath) && existsSync(hostPath) ? relative(baseFolder, hostPath) : undefined;
}

/** The nearest folder above, inside the workspace, in which a path would be found: as when ops was started there; and what `base` would be for it. */
function whereElse(path: string, { baseFolder, workspaceRoot, crateFolder = baseFolder }: ProblemOptions): { foundIn?: string; base?: string } {
  for (let folder = dirname(baseFolder); isInside(workspaceRoot, folder); folder = dirname(folder)) {
    if (existsSync(join(folder, path))) return { foundIn: relative(workspaceRoot, folder) || '.', base: relative(crateFolder, folder) || '.' };
    if (folder === dirname(folder)) return {};
  }
  return {};
}
