import { type Finding } from '@package-vm/manifest';
import { type CheckedProject } from './check-project.js';

/**
 * The findings of several manifests, file by file, each once: two manifests of a crate share its settings. What the settings allow is unused only when
 * no manifest of the crate has it.
 */
export function mergeChecks(checks: readonly CheckedProject[]): readonly Finding[] {
  const seen = new Map<string, { finding: Finding; times: number }>();
  for (const { findings } of checks) {
    for (const finding of findings) {
      const key = JSON.stringify([finding.code, finding.place, finding.message]);
      const known = seen.get(key);
      if (known === undefined) seen.set(key, { finding, times: 1 });
      else known.times += 1;
    }
  }
  const isUsedElsewhere = ({ finding, times }: { finding: Finding; times: number }): boolean =>
    finding.code === 'unused-allow' && finding.place.keys?.[3] === 'allow' && times < checks.filter(({ project }) => project?.allowedIn.file === finding.place.file).length;
  return [...seen.values()].filter((entry) => !isUsedElsewhere(entry)).map(({ finding }) => finding);
}
