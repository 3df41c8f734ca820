import { dirname, join, resolve } from 'node:path';
import { type CargoToml, asStrings, asTable, readCargoToml } from '../crate-graph/cargo-toml.js';
import { isExcluded } from '../crate-graph/member-folders.js';

/** The `Cargo.toml` of the cargo workspace around a crate, or its own; undefined for a crate by itself. */
export function findCargoWorkspace(crateFolder: string): CargoToml | undefined {
  const start = resolve(crateFolder);
  for (let folder = start; ; folder = dirname(folder)) {
    const toml = readCargoToml(join(folder, 'Cargo.toml'));
    if (toml?.table.workspace !== undefined) {
      const { members, exclude } = asTable(toml.table.workspace);
      if (!isExcluded(folder, start, { members: asStrings(members), exclude: asStrings(exclude) })) return toml;
    }
    if (folder === dirname(folder)) return undefined;
  }
}
