import { type Finding, applyAllowed, inFileOrder } from '@package-vm/manifest';
import { readFileSync } from 'node:fs';
import { hostFindings } from '../plan/host-findings.js';
import { isFoundOnlyByBuild } from '../plan/plan-findings.js';
import { placeSettings } from '../project/place-settings.js';
import { type ExaminedProject, type ProjectOptions, examineProject } from '../project/read-project.js';
import { lockedBootFindings } from './locked-boot-findings.js';

/** The findings about one manifest and its settings. */
export interface CheckedProject extends Pick<ExaminedProject, 'project' | 'files'> {
  /** With the reasons of those that the settings allow; the settings' first, each file's in its order. */
  readonly findings: readonly Finding[];
}

/** Codes of findings about the bundle, the Nanos release and the engine, which only a build looks at. */
const BUILD_CODES: ReadonlySet<string> = new Set(['host-libraries', 'nanos-faulty-version', 'nanos-not-locked', 'ops-added', 'ops-warning', 'placeholder-release']);

/**
 * All findings about a manifest, its settings and the files it names, without a program; about klibs where `nanos.lock.json` tells which release
 * is used. Findings that the settings allow are marked.
 *
 * @throws PVM_NO_MANIFEST, PVM_BAD_NANOS_LOCK
 */
export async function checkProject(options: ProjectOptions): Promise<readonly Finding[]> {
  const { findings, files } = examineAndCheck(options);
  return placeSettings(findings, (file) => {
    const path = files.get(file);
    return path === undefined ? undefined : readFileSync(path, 'utf8');
  });
}

/** Like {@link checkProject}, with what it was found in; findings on settings have no lines yet. */
export function examineAndCheck(options: ProjectOptions): CheckedProject {
  const { project, findings, files } = examineProject(options);
  if (project === undefined) return { project, findings, files };
  const { file } = project.placeOf([]);
  const inManifest = [...findings.filter(({ place }) => place.file === file), ...hostFindings(project), ...lockedBootFindings(project)];
  const all = [...findings.filter(({ place }) => place.file !== file), ...inFileOrder(inManifest)];
  const isLookedFor = (code: string): boolean => !BUILD_CODES.has(code) && !isFoundOnlyByBuild(code);
  return { project, findings: applyAllowed(all, project.settings.allow, { ...project.allowedIn, isLookedFor }), files };
}
