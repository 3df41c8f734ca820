import { type Finding, type Keys } from '@package-vm/manifest';
import { existsSync } from 'node:fs';
import { dirname, isAbsolute, join, relative } from 'node:path';
import { type HostProblem } from './host-entries.js';
import { isInside } from './locate-host-path.js';
import { planFinding } from './plan-findings.js';
import { type PlaceOf } from './plan-options.js';

export interface ProblemOptions {
  readonly placeOf: PlaceOf;
  readonly baseFolder: string;
  readonly workspaceRoot: string;
  readonly crateFolder?: string | undefined;
}

/** Problems with paths of the manifest, in words. */
export function findingsOfProblems(problems: readonly HostProblem[], options: ProblemOptions): readonly Finding[] {
  const { placeOf, workspaceRoot, baseFolder } = options;
  const folder = relative(workspaceRoot, baseFolder) || '.';
  return problems.map(({ code, path, keys }) => {
    const place = placeOf(keys, partOf(keys));
    if (code === 'missing-path' && !isAbsolute(path)) return planFinding(code, place, { path, folder, ...whereElse(path, options) });
    if (code === 'absolute-path' || code === 'missing-path') {
      // ops puts its working folder before it
      const inside = path.replace(/^\/+/, '');
      return planFinding('absolute-path', place, { path, inside: existsSync(join(baseFolder, inside)) ? { path: inside, folder } : undefined });
    }
    return planFinding(code, place, { path, folder });
  });
}

/** Of a map the key is the path of this machine. */
export function partOf(keys: Keys): 'key' | 'value' {
  return keys[0] === 'MapDirs' ? 'key' : 'value';
}

/** The nearest folder above, inside the workspace, in which a path would be found: as when ops was started there; and what `base` would be for it. */
function whereElse(path: string, { baseFolder, workspaceRoot, crateFolder = baseFolder }: ProblemOptions): { foundIn?: string; base?: string } {
  for (let folder = dirname(baseFolder); isInside(workspaceRoot, folder); folder = dirname(folder)) {
    if (existsSync(join(folder, path))) return { foundIn: relative(workspaceRoot, folder) || '.', base: relative(crateFolder, folder) || '.' };
    if (folder === dirname(folder)) return {};
  }
  return {};
}
