import { type Finding, type Keys, type Manifest, type Place } from '@package-vm/manifest';
import { relative } from 'node:path';
import { type HostProblem, hostEntries } from './host-entries.js';
import { planFinding } from './plan-findings.js';

export interface HostFindingsOptions {
  readonly manifest: Manifest;
  readonly placeOf: (keys: Keys) => Place;
  readonly baseFolder: string;
  readonly workspaceRoot: string;
}

/** What is wrong with the files that a manifest names, on this machine. */
export function hostFindings(options: HostFindingsOptions): readonly Finding[] {
  const { problems } = hostEntries(options.manifest, { baseFolder: options.baseFolder, boundary: options.workspaceRoot });
  return findingsOfProblems(problems, options);
}

export function findingsOfProblems(problems: readonly HostProblem[], { placeOf, workspaceRoot, baseFolder }: HostFindingsOptions): readonly Finding[] {
  const folder = relative(workspaceRoot, baseFolder) || '.';
  return problems.map(({ code, path, keys }) => planFinding(code, placeOf(keys), { path, folder }));
}
