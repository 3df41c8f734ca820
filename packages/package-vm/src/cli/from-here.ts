import { type PackageVmError } from '@package-vm/errors';
import { type Finding, manifestError, settingsError } from '@package-vm/manifest';
import { relative, resolve } from 'node:path';

/** Where findings count from, the root of the Nx workspace, and where somebody reads them. Absolute paths. */
export interface Viewpoint {
  readonly root: string;
  readonly cwd: string;
}

/** Findings with their files named as seen from the current folder: what is data counts from the root, the same in every clone. */
export function fromHere(findings: readonly Finding[], { root, cwd }: Viewpoint): readonly Finding[] {
  return findings.map((finding) => ({ ...finding, place: { ...finding.place, file: relative(cwd, resolve(root, finding.place.file)) || '.' } }));
}

/** The sentence of an error about a manifest or settings, which names a file, in the same way. */
export function messageFromHere({ code, message }: PackageVmError, findings: readonly Finding[]): string {
  if (code === 'PVM_BAD_MANIFEST') return manifestError(findings).message;
  return code === 'PVM_BAD_SETTINGS' ? settingsError(findings).message : message;
}
