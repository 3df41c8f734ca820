import { type PackageVmError } from '@package-vm/errors';
import { type Finding, manifestError, settingsError } from '@package-vm/manifest';
import { relative } from 'node:path';

/**
 * Findings with their files named as seen from the current folder: what is data counts from the root of the Nx workspace, the same in every clone.
 * `pathOf` gives the absolute path of a file that a finding names; without one its name stays.
 */
export function fromHere(findings: readonly Finding[], cwd: string, pathOf: (file: string) => string | undefined): readonly Finding[] {
  return findings.map((finding) => {
    const path = pathOf(finding.place.file);
    return path === undefined ? finding : { ...finding, place: { ...finding.place, file: relative(cwd, path) || '.' } };
  });
}

/** The sentence of an error about a manifest or settings, which names a file, in the same way. */
export function messageFromHere({ code, message }: PackageVmError, findings: readonly Finding[]): string {
  if (code === 'PVM_BAD_MANIFEST') return manifestError(findings).message;
  return code === 'PVM_BAD_SETTINGS' ? settingsError(findings).message : message;
}
