import { type Finding, inFileOrder } from '@package-vm/manifest';
import { join, relative } from 'node:path';
import { type CheckedProject } from './check-project.js';

export interface MergedChecks {
  readonly findings: readonly Finding[];
  /** Files that findings name, with their absolute paths. */
  readonly files: ReadonlyMap<string, string>;
}

/**
 * The findings of several manifests, file by file, each once: two manifests of a crate share its settings. What the settings allow is unused only when
 * no manifest of the crate has it. Files of one name in different Nx workspaces are named relative to `cwd`.
 */
export function mergeChecks(checks: readonly CheckedProject[], cwd: string): MergedChecks {
  const named = withDistinctNames(checks, cwd);
  const seen = new Map<string, { finding: Finding; times: number }>();
  for (const { findings } of named) {
    for (const finding of findings) {
      const key = JSON.stringify([finding.code, finding.place, finding.message]);
      const known = seen.get(key);
      if (known === undefined) seen.set(key, { finding, times: 1 });
      else known.times += 1;
    }
  }
  const isUsedElsewhere = ({ finding, times }: { finding: Finding; times: number }): boolean =>
    finding.code === 'unused-allow' && finding.place.keys?.[3] === 'allow' && times < named.filter(({ settingsFile }) => settingsFile === finding.place.file).length;
  const findings = [...seen.values()].filter((entry) => !isUsedElsewhere(entry)).map(({ finding }) => finding);
  return { findings, files: new Map(named.flatMap(({ files }) => files)) };
}

/** Findings file by file, as the files were first named, each file's in its own order. */
export function fileByFile(findings: readonly Finding[]): readonly Finding[] {
  const files = new Map<string, Finding[]>();
  for (const finding of findings) {
    const known = files.get(finding.place.file);
    if (known === undefined) files.set(finding.place.file, [finding]);
    else known.push(finding);
  }
  return [...files.values()].flatMap(inFileOrder);
}

interface NamedCheck {
  readonly findings: readonly Finding[];
  readonly files: readonly (readonly [string, string])[];
  readonly settingsFile: string | undefined;
}

function withDistinctNames(checks: readonly CheckedProject[], cwd: string): readonly NamedCheck[] {
  const pathOf = ({ files, project }: CheckedProject, file: string): string => files.get(file) ?? join(project?.workspaceRoot ?? cwd, file);
  const paths = new Map<string, Set<string>>();
  for (const check of checks) {
    for (const file of [...check.files.keys(), ...check.findings.map(({ place }) => place.file)]) paths.set(file, (paths.get(file) ?? new Set()).add(pathOf(check, file)));
  }
  return checks.map((check) => {
    const nameOf = (file: string): string => ((paths.get(file)?.size ?? 0) > 1 ? relative(cwd, pathOf(check, file)) : file);
    return {
      findings: check.findings.map((finding) => ({ ...finding, place: { ...finding.place, file: nameOf(finding.place.file) } })),
      files: [...check.files].map(([file, path]) => [nameOf(file), path] as const),
      settingsFile: check.project && nameOf(check.project.allowedIn.file),
    };
  });
}
