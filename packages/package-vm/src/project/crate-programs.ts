import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type TomlTable } from 'smol-toml';
import { asString, asTable } from '../crate-graph/cargo-toml.js';

/** The names of a crate's programs, as its `Cargo.toml` and the places where cargo looks for them say: no process is started. Sorted. */
export function cratePrograms(folder: string, cargoToml: TomlTable): readonly string[] {
  const { name, autobins } = asTable(cargoToml.package);
  const listed = Array.isArray(cargoToml.bin) ? cargoToml.bin.map((bin) => asString(asTable(bin).name)) : [];
  const found = autobins === false ? [] : [...(existsSync(join(folder, 'src/main.rs')) ? [asString(name)] : []), ...binFolder(join(folder, 'src/bin'))];
  return [...new Set([...listed, ...found].filter((program) => program !== undefined))].sort();
}

/** `src/bin/<name>.rs` and `src/bin/<name>/main.rs`. */
function binFolder(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (entry.isDirectory()) return existsSync(join(folder, entry.name, 'main.rs')) ? [entry.name] : [];
    return entry.name.endsWith('.rs') ? [entry.name.slice(0, -'.rs'.length)] : [];
  });
}
