import { posix } from 'node:path';

/** What the settings of a crate say that a build reads beside its sources. */
export interface NamedBySettings {
  /** Files, folders and patterns, relative to the Nx workspace or absolute. */
  readonly paths: readonly string[];
  /** Names of shared libraries of this machine. */
  readonly libraries: readonly string[];
  /** Names of variables; `*` stands for any characters. */
  readonly variables: readonly string[];
  readonly commands: readonly string[];
  /** What takes the place of cargo. */
  readonly cargoCommands: readonly (readonly string[])[];
  /** Target triples; none where a program has no own, since then the machine or cargo's configuration decides. */
  readonly targets: readonly string[];
  readonly tasks: readonly InputTask[];
}

/** An Nx task that makes files which a build reads; `files` is a pattern relative to the Nx workspace. */
export interface InputTask {
  readonly project: string;
  readonly target: string;
  readonly files: string;
}

/** Reads `inputs`, `sysroot` and `extraLibraries`, of all programs and variants together: which one is built is known only when it is. */
export function namedBySettings(settings: Readonly<Record<string, unknown>>, root: string): NamedBySettings {
  const all = [settings, ...[settings.programs, settings.variants].flatMap((group) => Object.values(asRecord(group)).map(asRecord))];
  const fromRoot = (path: string): string => (posix.isAbsolute(path) ? path : posix.join(root, path));
  const extra = all.flatMap(({ extraLibraries }) => strings(extraLibraries));
  const tables = all.flatMap(({ inputs }) => (Array.isArray(inputs) ? inputs.map(asRecord) : []));
  const paths = [...all.flatMap(({ inputs, sysroot }) => [...strings(inputs), ...strings([sysroot])]), ...extra.filter((name) => name.includes('/'))];
  return {
    paths: unique(paths.map(fromRoot)),
    libraries: unique(extra.filter((name) => !name.includes('/'))),
    variables: unique(strings(tables.map(({ env }) => env))),
    commands: unique(strings(tables.map(({ runtime }) => runtime))),
    cargoCommands: all.map(({ cargoCommand }) => strings(cargoCommand)).filter((command) => command.length > 0),
    targets: typeof settings.target === 'string' ? unique(strings(all.map(({ target }) => target))) : [],
    tasks: tables.flatMap(({ task, files }) => {
      const [, project, target] = typeof task === 'string' ? (/^([^:]+):(.+)$/.exec(task) ?? []) : [];
      return project === undefined || target === undefined ? [] : [{ project, target, files: typeof files === 'string' ? fromRoot(files) : '**/*' }];
    }),
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

function unique(items: readonly string[]): readonly string[] {
  return [...new Set(items)];
}
