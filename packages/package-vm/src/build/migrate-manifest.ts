import { type Finding, type Manifest, type Platform, parseManifest } from '@package-vm/manifest';
import { applyFixes, describeChange, fixManifest } from '@package-vm/manifest/fix';
import { isAbsolute } from 'node:path';
import { planFinding } from '../plan/plan-findings.js';

export interface MigrateOptions {
  /** The manifest's name in findings. */
  readonly file: string;
  readonly platform: Platform;
  readonly program?: string | undefined;
}

export interface MigratedManifest {
  readonly text: string;
  /** What was changed, a sentence each, without final period. */
  readonly changes: readonly string[];
  /** Lines for `[package.metadata.package-vm]` that keep what the manifest said and an image does not. */
  readonly settings: readonly string[];
  /** What is left for somebody to decide. */
  readonly findings: readonly Finding[];
}

/**
 * Makes a good manifest of one that was written for ops: what is wrong beyond doubt or probably is put right, what has no effect goes, shared libraries
 * of the machine go since packaging finds them. Comments and order stay.
 */
export function migrateManifest(text: string, options: MigrateOptions): MigratedManifest {
  const settings = settingsOf(parseManifest(text, options).manifest ?? {});
  const first = fixManifest(text, { ...options, scope: 'all' });
  const tidied = tidy(first.text, options);
  const last = fixManifest(tidied.text, { ...options, scope: 'all' });
  const fixed = [...first.fixed, ...tidied.fixed, ...last.fixed];
  return { text: last.text, changes: fixed.map(sentence), settings, findings: last.findings };
}

function sentence({ fix, message }: Finding): string {
  return fix === undefined ? `made JSON of it: ${message}` : fix.changes.map(describeChange).join(', ');
}

/** Takes out what no longer says anything: shared libraries of the machine that was packaged on, and sections without content. */
function tidy(start: string, options: MigrateOptions): { text: string; fixed: readonly Finding[] } {
  const fixed: Finding[] = [];
  let text = start;
  for (;;) {
    const { manifest = {} } = parseManifest(text, options);
    const findings = [...absoluteLibraries(manifest, options.file), ...emptySections(manifest, options.file)];
    const made = applyFixes(text, findings, options);
    if (made.fixed.length === 0) return { text, fixed };
    text = made.text;
    fixed.push(...made.fixed);
  }
}

function absoluteLibraries({ Files = [] }: Manifest, file: string): Finding[] {
  return Files.flatMap((path, index) => {
    const keys = ['Files', index];
    return isAbsolute(path) && /\.so(\.[\d.]+)?$/.test(path) ? [{ ...planFinding('absolute-path', { file, keys }, { path }), fix: { isSafe: false, changes: [{ kind: 'remove' as const, keys }] } }] : [];
  });
}

function emptySections(manifest: Manifest, file: string): Finding[] {
  const sections = ['RunConfig', 'CloudConfig', 'TargetConfig', 'Files'] as const;
  return sections.flatMap((key) => {
    const value = manifest[key];
    const isEmpty = value !== undefined && Object.keys(value).length === 0;
    return isEmpty ? [{ code: 'no-effect', severity: 'note' as const, message: `\`${key}\` is empty`, place: { file, keys: [key] }, fix: { isSafe: false, changes: [{ kind: 'remove' as const, keys: [key] }] } }] : [];
  });
}

function settingsOf({ NanosVersion, RunConfig = {} }: Manifest): readonly string[] {
  const memory = /^(\d+)([kmg]?)$/i.exec(RunConfig.Memory ?? '');
  const memoryMiB = memory === null ? undefined : Math.ceil((Number(memory[1]) * 1024 ** ['', 'k', 'm', 'g'].indexOf((memory[2] ?? '').toLowerCase())) / 1024 ** 2);
  const resources = [
    ...(RunConfig.CPUs === undefined ? [] : [`cpus = ${RunConfig.CPUs}`]),
    ...(memoryMiB === undefined ? [] : [`memoryMiB = ${memoryMiB}`]),
    ...((RunConfig.GPUs ?? 0) === 0 ? [] : [`gpus = ${RunConfig.GPUs ?? 0}`]),
  ];
  return [...(NanosVersion === undefined ? [] : [`nanosVersion = ${JSON.stringify(NanosVersion)}`]), ...(resources.length === 0 ? [] : [`resources = { ${resources.join(', ')} }`])];
}
