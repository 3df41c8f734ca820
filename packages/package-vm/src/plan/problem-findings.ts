import { type Finding, type Keys, type Place } from '@package-vm/manifest';
import { existsSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { type HostProblem } from './host-entries.js';
import { isInside } from './locate-host-path.js';
import { planFinding } from './plan-findings.js';

export interface ProblemOptions {
  readonly placeOf: (keys: Keys) => Place;
  readonly baseFolder: string;
  readonly workspaceRoot: string;
}

/** Problems with paths of the manifest, in words. */
export function findingsOfProblems(problems: readonly HostProblem[], options: ProblemOptions): readonly Finding[] {
  const { placeOf, workspaceRoot, baseFolder } = options;
  const folder = relative(workspaceRoot, baseFolder) || '.';
  return problems.map(({ code, path, keys }) => {
    if (code !== 'missing-path') return planFinding(code, placeOf(keys), { path });
    return planFinding(code, placeOf(keys), { path, folder, foundIn: folderThatHas(path, options) });
  });
}

/** The nearest folder above, inside the workspace, in which a path would be found: as when ops was started there. */
function folderThatHas(path: string, { baseFolder, workspaceRoot }: ProblemOptions): string | undefined {
  for (let folder = dirname(baseFolder); isInside(workspaceRoot, folder); folder = dirname(folder)) {
    if (existsSync(join(folder, path))) return relative(workspaceRoot, folder) || '.';
    if (folder === dirname(folder)) return undefined;
  }
  return undefined;
}
