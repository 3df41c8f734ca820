import { existsSync } from 'node:fs';
import { basename, dirname, resolve, sep } from 'node:path';
import type { TomlTable } from 'smol-toml';
import { type CargoToml, type CrateProblem, asString, asStrings, asTable, readCargoToml } from './cargo-toml.js';
import { isExcluded, isPattern, memberFolders } from './member-folders.js';
import { type DependencyKind, type PathDependency, pathDependencies } from './path-dependencies.js';

/** A package of cargo, in a folder. */
export interface Crate {
  /** Absolute. */
  readonly folder: string;
  /** The package's name; the folder's where the `Cargo.toml` is too broken to tell. */
  readonly name: string;
  /** The folder of the cargo workspace that has it as a member; undefined for a crate by itself. */
  readonly workspaceFolder: string | undefined;
  /** Where cargo looks for `Cargo.lock`, `[profile]` and `[patch]`: the workspace's folder, or its own. */
  readonly rootFolder: string;
  /** Sorted by folder. */
  readonly dependencies: readonly PathDependency[];
  /** Such a script may read any file of the package, and cargo asks it for no list. */
  readonly hasBuildScript: boolean;
  /** `[package.metadata.package-vm]` as it stands. */
  readonly settings: TomlTable;
}

/** Crates and how they need each other, as `Cargo.toml` files alone tell it. */
export interface CrateGraph {
  /** By folder, sorted. */
  readonly crates: ReadonlyMap<string, Crate>;
  readonly problems: readonly CrateProblem[];
}

/**
 * Reads the crates of the given `Cargo.toml` files (absolute paths), the members of their cargo workspaces, and what these
 * reach by a path. Starts no process and never throws for what a file holds: a broken file keeps what can be read of it.
 */
export function readCrateGraph(manifestPaths: readonly string[]): CrateGraph {
  return new GraphReader().read(manifestPaths.map((path) => dirname(resolve(path))));
}

/** The crates that those in `folders` reach through dependencies of the given kinds, themselves included; sorted by folder. */
export function reachableCrates(graph: CrateGraph, folders: readonly string[], kinds: readonly DependencyKind[]): readonly Crate[] {
  const reached = new Map<string, Crate>();
  const waiting = [...folders];
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    const crate = graph.crates.get(folder);
    if (crate === undefined || reached.has(folder)) continue;
    reached.set(folder, crate);
    for (const dependency of crate.dependencies) if (kinds.includes(dependency.kind)) waiting.push(dependency.folder);
  }
  return [...reached.values()].sort((a, b) => (a.folder < b.folder ? -1 : 1));
}

class GraphReader {
  readonly #manifests = new Map<string, CargoToml | undefined>();
  readonly #roots = new Map<string, CargoToml | undefined>();
  readonly #dependenciesOf = new Map<CargoToml, readonly PathDependency[]>();
  readonly #problems = new Map<string, CrateProblem>();

  read(folders: readonly string[]): CrateGraph {
    const workspaces = new Set<CargoToml>();
    for (const folder of folders) {
      const root = this.#manifest(folder) && this.#root(folder);
      if (root !== undefined) workspaces.add(root);
    }
    const members = new Map<string, string>();
    for (const workspace of workspaces) for (const folder of this.#members(workspace)) members.set(folder, dirname(workspace.path));

    const crates = new Map<string, Crate>();
    const waiting = [...folders, ...members.keys()];
    for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
      if (crates.has(folder)) continue;
      const crate = this.#crate(folder, members.get(folder));
      if (crate === undefined) continue;
      crates.set(folder, crate);
      waiting.push(...crate.dependencies.map((dependency) => dependency.folder));
    }
    const sorted = [...crates.entries()].sort(([a], [b]) => (a < b ? -1 : 1));
    return { crates: new Map(sorted), problems: [...this.#problems.values()] };
  }

  #crate(folder: string, workspaceFolder: string | undefined): Crate | undefined {
    const manifest = this.#manifest(folder);
    if (manifest === undefined || !isPackage(manifest)) return undefined;
    const details = asTable(manifest.table.package);
    const root = this.#root(folder);
    return {
      folder,
      name: asString(details.name) ?? basename(folder),
      workspaceFolder,
      rootFolder: root === undefined ? folder : dirname(root.path),
      dependencies: this.#dependencies(manifest).filter((dependency) => dependency.folder !== folder),
      hasBuildScript: details.build === undefined ? existsSync(`${folder}${sep}build.rs`) : details.build !== false,
      settings: asTable(asTable(details.metadata)['package-vm']),
    };
  }

  #dependencies(manifest: CargoToml): readonly PathDependency[] {
    const known = this.#dependenciesOf.get(manifest);
    if (known !== undefined) return known;
    const dependencies = pathDependencies(manifest, this.#root(dirname(manifest.path)));
    this.#dependenciesOf.set(manifest, dependencies);
    return dependencies;
  }

  /** The folders of a workspace's members: its own package, those listed, and every path dependency of one that lies below it or points to it. */
  #members(workspace: CargoToml): readonly string[] {
    const root = dirname(workspace.path);
    const patterns = asStrings(asTable(workspace.table.workspace).members);
    const waiting = [root];
    for (const pattern of patterns) {
      for (const folder of memberFolders(root, pattern)) {
        if (this.#manifest(folder) !== undefined) waiting.push(folder);
        else if (!isPattern(pattern)) this.#report(workspace, `the workspace member \`${pattern}\` has no Cargo.toml`);
      }
    }
    const members = new Set<string>();
    for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
      const manifest = this.#manifest(folder);
      if (manifest === undefined || !isPackage(manifest) || members.has(folder) || this.#root(folder) !== workspace) continue;
      members.add(folder);
      waiting.push(...this.#dependencies(manifest).filter(({ kind }) => kind !== 'patch').map((dependency) => dependency.folder));
    }
    return [...members];
  }

  /** The root of the workspace that cargo takes a crate to be in: named by the crate, or the nearest above that does not exclude it. */
  #root(folder: string): CargoToml | undefined {
    if (!this.#roots.has(folder)) this.#roots.set(folder, this.#findRoot(folder));
    return this.#roots.get(folder);
  }

  #findRoot(folder: string): CargoToml | undefined {
    for (let above = folder, last = ''; above !== last; last = above, above = dirname(above)) {
      const manifest = this.#manifest(above);
      if (manifest === undefined) continue;
      const workspace = manifest.table.workspace;
      if (workspace !== undefined) {
        const lists = { members: asStrings(asTable(workspace).members), exclude: asStrings(asTable(workspace).exclude) };
        if (above === folder || !isExcluded(above, folder, lists)) return manifest;
        continue;
      }
      const pointer = asString(asTable(manifest.table.package).workspace);
      if (pointer !== undefined) return this.#manifest(resolve(above, pointer));
    }
    return undefined;
  }

  #manifest(folder: string): CargoToml | undefined {
    if (!this.#manifests.has(folder)) {
      const manifest = readCargoToml(`${folder}${sep}Cargo.toml`);
      this.#manifests.set(folder, manifest);
      if (manifest?.problem !== undefined) this.#problems.set(manifest.path, manifest.problem);
    }
    return this.#manifests.get(folder);
  }

  #report(manifest: CargoToml, message: string): void {
    if (!this.#problems.has(manifest.path)) this.#problems.set(manifest.path, { path: manifest.path, message });
  }
}

/** A broken file that holds neither table may be a package that is being typed. */
function isPackage({ table, problem }: CargoToml): boolean {
  return table.package !== undefined || (problem !== undefined && table.workspace === undefined);
}
