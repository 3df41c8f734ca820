import { dirname, resolve } from 'node:path';
import type { TomlTable } from 'smol-toml';
import { type CargoToml, asString, asTable } from './cargo-toml.js';

/**
 * How a crate needs another one. `patch`: a path in the workspace's `[patch]` or `[replace]`, which a crate reaches if any of
 * its dependencies, at any depth, needs a package of that name. Only the lock file knows, so each crate with dependencies counts.
 */
export type DependencyKind = 'normal' | 'build' | 'dev' | 'patch';

/** A dependency on a crate in a folder. */
export interface PathDependency {
  /** The package's name, also where the dependency is renamed. */
  readonly name: string;
  /** Absolute. */
  readonly folder: string;
  readonly kind: DependencyKind;
}

const SECTIONS: readonly (readonly [name: string, kind: DependencyKind])[] = [
  ['dependencies', 'normal'],
  ['build-dependencies', 'build'],
  ['build_dependencies', 'build'],
  ['dev-dependencies', 'dev'],
  ['dev_dependencies', 'dev'],
];

/** The path dependencies of a package, for every target and feature, with inheritance from `workspace` resolved. */
export function pathDependencies(manifest: CargoToml, workspace: CargoToml | undefined): readonly PathDependency[] {
  const tables = [manifest.table, ...Object.values(asTable(manifest.table.target)).map((value) => asTable(value))];
  const declared = tables.flatMap((table) =>
    SECTIONS.flatMap(([section, kind]) => Object.entries(asTable(table[section])).map(([key, value]) => ({ key, kind, declaration: asTable(value) }))),
  );
  const found = declared.flatMap(({ key, kind, declaration }) => {
    const isInherited = declaration.workspace === true;
    const origin = isInherited ? workspace : manifest;
    const source = isInherited ? inherited(workspace, key) : declaration;
    const path = asString(source.path);
    return path === undefined || origin === undefined ? [] : [{ name: packageName(key, source), folder: resolve(dirname(origin.path), path), kind }];
  });
  return distinct(declared.length > 0 && workspace !== undefined ? [...found, ...patches(workspace)] : found);
}

function inherited(workspace: CargoToml | undefined, key: string): TomlTable {
  return asTable(asTable(asTable(workspace?.table.workspace).dependencies)[key]);
}

function packageName(key: string, declaration: TomlTable): string {
  return asString(declaration.package) ?? key;
}

function patches(workspace: CargoToml): readonly PathDependency[] {
  const sources = [...Object.values(asTable(workspace.table.patch)), workspace.table.replace];
  return sources.flatMap((source) =>
    Object.entries(asTable(source)).flatMap(([key, value]) => {
      const path = asString(asTable(value).path);
      if (path === undefined) return [];
      // a key of [replace] is a package id such as `serde:1.0.0`
      const name = packageName(key, asTable(value)).replace(/:[^:]*$/, '');
      return [{ name, folder: resolve(dirname(workspace.path), path), kind: 'patch' as const }];
    }),
  );
}

function distinct(dependencies: readonly PathDependency[]): readonly PathDependency[] {
  const byKey = new Map(dependencies.map((dependency) => [`${dependency.folder}\n${dependency.kind}`, dependency]));
  return [...byKey.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, dependency]) => dependency);
}
