import { posix } from 'node:path';

/** What the settings of a crate say that a build reads beside its sources. */
export interface NamedBySettings {
  /** Files, folders and patterns, relative to the Nx workspace. */
  readonly paths: readonly string[];
  /** Names of shared libraries of this machine. */
  readonly libraries: readonly string[];
}

/** Reads `inputs`, `sysroot` and `extraLibraries`, of all programs together: which one is built is known only when it is. */
export function namedBySettings(settings: Readonly<Record<string, unknown>>, root: string): NamedBySettings {
  const all = [settings, ...Object.values(asRecord(settings.programs)).map(asRecord)];
  const extra = all.flatMap(({ extraLibraries }) => strings(extraLibraries));
  const paths = [...all.flatMap(({ inputs, sysroot }) => [...strings(inputs), ...strings([sysroot])]), ...extra.filter((name) => name.includes('/'))];
  return {
    paths: [...new Set(paths.map((path) => (posix.isAbsolute(path) ? path : posix.join(root, path))))],
    libraries: [...new Set(extra.filter((name) => !name.includes('/')))],
  };
}

/** The value as an object; an empty one for anything else. */
export function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}

/** The strings of a list, but for empty ones; none for anything else. */
export function strings(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string' && item !== '') : [];
}
