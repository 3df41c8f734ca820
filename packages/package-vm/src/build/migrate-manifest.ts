import { type Finding, type Keys, type Manifest, type Platform, isBlocking, parseManifest, placeInManifest } from '@package-vm/manifest';
import { applyFixes, describeChange, fixManifest, leftovers, withoutProse } from '@package-vm/manifest/fix';
import { isAbsolute } from 'node:path';

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
export function migrateManifest(old: string, options: MigrateOptions): MigratedManifest {
  const { text, changes } = unwrap(old, options);
  // the settings are made of what has no effect
  const right = fixManifest(text, { ...options, scope: 'all', isWanted: ({ code }) => code !== 'no-effect' && code !== 'nanos-version-ignored' });
  const settled = tidy(right.text, options);
  const { manifest = {}, findings: mistakes } = parseManifest(settled.text, options);
  const settings = settingsOf(manifest);
  // a section is not taken out with what could not be understood in it
  const holdsMistake = ({ code, place }: Finding): boolean => code === 'no-effect' && mistakes.some((mistake) => isBlocking(mistake) && isWithin(mistake.place.keys, place.keys));
  const bare = fixManifest(settled.text, { ...options, scope: 'all', isWanted: (finding) => !holdsMistake(finding) });
  const tidied = tidy(bare.text, options);
  const last = fixManifest(tidied.text, { ...options, scope: 'all', isWanted: (finding) => !holdsMistake(finding) });
  const fixed = [right, settled, bare, tidied, last].flatMap((step) => step.fixed);
  return { text: last.text, changes: [...changes, ...fixed.map(sentence)], settings, findings: last.findings };
}

/** A manifest out of the text that it is cited in, if that makes JSON of it. */
function unwrap(old: string, options: MigrateOptions): { text: string; changes: readonly string[] } {
  const isJson = (text: string): boolean => fixManifest(text, { ...options, scope: 'safe' }).findings.every(({ code }) => code !== 'syntax');
  const inner = isJson(old) ? undefined : withoutProse(old);
  return inner === undefined || !isJson(inner) ? { text: old, changes: [] } : { text: inner, changes: ['left out the text around the manifest'] };
}

function isWithin(keys: Keys = [], around: Keys = []): boolean {
  return keys.length > around.length && around.every((key, index) => key === keys[index]);
}

function sentence({ fix, message }: Finding): string {
  return fix === undefined ? `made JSON of it: ${message}` : fix.changes.map(describeChange).join(', ');
}

/** Takes out what no longer says anything: shared libraries of the machine that was packaged on, and what is left where something was. */
function tidy(start: string, options: MigrateOptions): { text: string; fixed: readonly Finding[] } {
  const fixed: Finding[] = [];
  let text = start;
  for (;;) {
    const { manifest = {}, findings: problems } = parseManifest(text, options);
    if (problems.some(({ code }) => code === 'syntax')) return { text, fixed };
    const findings = [...absoluteLibraries(manifest, options.file), ...leftovers(text, options.file)];
    const made = applyFixes(text, findings, options);
    if (made.fixed.length === 0) return { text, fixed };
    text = made.text;
    fixed.push(...made.fixed);
  }
}

function absoluteLibraries(manifest: Manifest, file: string): Finding[] {
  return (manifest.Files ?? []).flatMap((path, index) => {
    const { keys = [] } = placeInManifest(manifest, file, ['Files', index]);
    if (!isAbsolute(path) || !/\.so(\.[\d.]+)?$/.test(path)) return [];
    const fix = { isSafe: false, changes: [{ kind: 'remove' as const, keys }] };
    return [{ code: 'absolute-path', severity: 'error' as const, message: `\`${path}\` is a library of another machine`, place: { file, keys }, fix }];
  });
}

function settingsOf({ NanosVersion, RunConfig = {} }: Manifest): readonly string[] {
  const memoryMiB = memoryMiBOf(RunConfig.Memory ?? '');
  const resources = [...(RunConfig.CPUs === undefined || RunConfig.CPUs === 0 ? [] : [`cpus = ${RunConfig.CPUs}`]), ...(memoryMiB === undefined ? [] : [`memoryMiB = ${memoryMiB}`])];
  return [...(NanosVersion === undefined ? [] : [`nanosVersion = ${JSON.stringify(NanosVersion)}`]), ...(resources.length === 0 ? [] : [`resources = { ${resources.join(', ')} }`])];
}

/** QEMU, which ops hands it to, takes a number without a unit as MiB (ops qemu/qemu_unix.go, `-m`). */
function memoryMiBOf(memory: string): number | undefined {
  const [, count, unit = ''] = /^(\d+)([kmg]?)$/i.exec(memory) ?? [];
  const unitsPerMiB = { k: 1 / 1024, m: 1, g: 1024 }[unit.toLowerCase()] ?? 1;
  return Number(count ?? 0) === 0 ? undefined : Math.ceil(Number(count) * unitsPerMiB);
}
