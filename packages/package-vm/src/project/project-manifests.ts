import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { type TomlTable } from 'smol-toml';
import { asString, asTable, readCargoToml } from '../crate-graph/cargo-toml.js';
import { readCrateGraph } from '../crate-graph/crate-graph.js';
import { cratePrograms } from './crate-programs.js';
import { type ProjectOptions } from './read-project.js';

type ProjectPlace = Pick<ProjectOptions, 'folder' | 'manifestPath' | 'program' | 'variant'>;

/**
 * The manifests that a path means: the file itself; those of a crate, `vm.json` and all `<program>.vm.json` beside its `Cargo.toml` and those that its
 * settings name; at the root of a cargo workspace, or in a folder of crates, those of the members below. With a program only its own. A folder without
 * any is left to {@link readProject}, which says what it looked for.
 */
export function projectManifests(path: string, program?: string): readonly ProjectPlace[] {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) return [{ folder: dirname(path), manifestPath: path, program }];
  const places = cratesAt(path).flatMap((crate) => (program === undefined ? manifestsOf(crate) : placesOfProgram(crate, program)));
  return places.length === 0 ? [{ folder: path, program }] : places;
}

interface FoundCrate {
  readonly folder: string;
  readonly table: TomlTable;
}

/** The crate around a folder, and the members of its cargo workspace that lie in it; a folder of manifests need be no crate. */
function cratesAt(path: string): readonly FoundCrate[] {
  const found = nearestCargoToml(path);
  const own = found !== undefined && (found.table.package !== undefined || found.table.workspace === undefined) ? found : { folder: path, table: {} };
  return [own, ...(found?.table.workspace === undefined ? [] : membersIn(path, found.folder).filter(({ folder }) => folder !== own.folder))];
}

function nearestCargoToml(start: string): FoundCrate | undefined {
  for (let folder = start; ; folder = dirname(folder)) {
    const table = readCargoToml(join(folder, 'Cargo.toml'))?.table;
    if (table !== undefined) return { folder, table };
    if (folder === dirname(folder)) return undefined;
  }
}

function membersIn(path: string, workspaceFolder: string): readonly FoundCrate[] {
  const members = [...readCrateGraph([join(workspaceFolder, 'Cargo.toml')]).crates.values()].filter((crate) => crate.workspaceFolder === workspaceFolder);
  const below = members.filter(({ folder }) => folder === path || !relative(path, folder).startsWith('..'));
  return below.map(({ folder }) => ({ folder, table: readCargoToml(join(folder, 'Cargo.toml'))?.table ?? {} }));
}

function manifestsOf({ folder, table }: FoundCrate): readonly ProjectPlace[] {
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => name === 'vm.json' || name.endsWith('.vm.json')).sort() : [];
  const places = new Map<string, ProjectPlace>(names.map((name) => [join(folder, name), { folder, manifestPath: join(folder, name) }]));
  for (const { manifest, ...whose } of manifestsInSettings(table)) {
    const manifestPath = join(folder, manifest);
    if (whose.program !== undefined || !places.has(manifestPath)) places.set(manifestPath, { folder, manifestPath, ...whose });
  }
  return [...places.values()];
}

/** The manifests that settings name, whatever else is wrong with them: of all programs, of one, of a variant. */
function manifestsInSettings(table: TomlTable): readonly { manifest: string; program?: string; variant?: string }[] {
  const settings = asTable(asTable(asTable(table.package).metadata)['package-vm']);
  const all = [
    { named: settings.manifest },
    ...Object.entries(asTable(settings.programs)).map(([program, own]) => ({ named: asTable(own).manifest, program })),
    ...Object.entries(asTable(settings.variants)).map(([variant, own]) => ({ named: asTable(own).manifest, variant })),
  ];
  return all.flatMap(({ named, ...whose }) => {
    const manifest = asString(named);
    return manifest === undefined ? [] : [{ manifest, ...whose }];
  });
}

function placesOfProgram({ folder, table }: FoundCrate, program: string): readonly ProjectPlace[] {
  return cratePrograms(folder, table).includes(program) ? [{ folder, program }] : [];
}
