import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type TomlTable } from 'smol-toml';
import { asString, asTable } from '../crate-graph/cargo-toml.js';

/** A program and its main source, absolute, where that is known. */
interface CrateProgram {
  readonly name: string | undefined;
  readonly source: string | undefined;
}

/**
 * The names of a crate's programs, as its `Cargo.toml` and the places where cargo looks for them say: no process is started. Sorted. A source that
 * is listed under another name is not one of its own (cargo src/cargo/util/toml/targets.rs, toml_targets_and_inferred).
 */
export function cratePrograms(folder: string, cargoToml: TomlTable): readonly string[] {
  const { name, autobins, edition = '2015' } = asTable(cargoToml.package);
  const listed = Array.isArray(cargoToml.bin) ? cargoToml.bin.map((bin) => listedProgram(folder, asTable(bin))) : [];
  const isSearched = autobins === undefined ? listed.length === 0 || edition !== '2015' : autobins !== false;
  const found = isSearched ? foundPrograms(folder, asString(name)) : [];
  const isOther = (program: CrateProgram): boolean => !listed.some((other) => other.name === program.name || other.source === program.source);
  const names = [...listed, ...found.filter(isOther)].map((program) => program.name);
  return [...new Set(names.filter((program) => program !== undefined))].sort();
}

function listedProgram(folder: string, bin: TomlTable): CrateProgram {
  const path = asString(bin.path);
  return { name: asString(bin.name), source: path === undefined ? undefined : join(folder, path) };
}

/** `src/main.rs`, `src/bin/<name>.rs` and `src/bin/<name>/main.rs`. */
function foundPrograms(folder: string, packageName: string | undefined): readonly CrateProgram[] {
  const bin = join(folder, 'src/bin');
  const entries = existsSync(bin) ? readdirSync(bin, { withFileTypes: true }) : [];
  const candidates = [
    { name: packageName, source: join(folder, 'src/main.rs') },
    ...entries.map((entry) => (entry.isDirectory() ? { name: entry.name, source: join(bin, entry.name, 'main.rs') } : { name: entry.name.slice(0, -'.rs'.length), source: join(bin, entry.name) })),
  ];
  return candidates.filter(({ source }) => source.endsWith('.rs') && existsSync(source));
}
