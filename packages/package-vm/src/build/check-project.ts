import { type Finding, applyAllowed } from '@package-vm/manifest';
import { isPackageVmError } from '@package-vm/errors';
import { hostFindings } from '../plan/host-findings.js';
import { type ProjectOptions, readProject } from '../project/read-project.js';

/**
 * All findings about a manifest, its settings and the files it names, without a program or a Nanos release. Findings that the settings
 * allow are marked.
 *
 * @throws PVM_NO_MANIFEST
 */
export function checkProject(options: ProjectOptions): readonly Finding[] {
  try {
    const project = readProject(options);
    return applyAllowed([...project.findings, ...hostFindings(project)], project.settings.allow);
  } catch (error) {
    const findings = isPackageVmError(error) ? error.data?.findings : undefined;
    // unreadable settings or manifests carry their findings
    if (Array.isArray(findings)) return findings as Finding[];
    throw error;
  }
}
