import { existsSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { parseDepInfo } from './dep-info.js';
import { entriesOf, foldersAbove, isInside, textOf } from './real-files.js';
import { depInfoOfProgram } from './unit-files.js';

/** A program that a build script built with a cargo of its own, for another machine, to be included in ours. */
export interface GuestProgram {
  /** What cargo says it was made of: rules of make beside it. */
  readonly rulesFile: string;
  /** rustc's own rules, which tell the variables. */
  readonly unitRules: readonly string[];
}

/** The guest program that a file is; undefined for one that no rules beside it name. */
export function guestProgram(path: string): GuestProgram | undefined {
  const folder = dirname(path);
  const name = basename(path).replace(/\.(bin|elf|wasm|exe)$/, '');
  const rulesFile = join(folder, `${name}.d`);
  if (!existsSync(rulesFile) || !parseDepInfo(textOf(rulesFile)).targets.some((target) => `${basename(target)}.`.startsWith(`${name}.`))) return undefined;
  return { rulesFile, unitRules: depInfoOfProgram(path, name, [join(folder, 'deps')]) };
}

/** OUT_DIR, a target folder in it, the target's name, the profile's, and one to spare. */
const DEPTH_MAX = 4;

/** The guest programs in the target folders at or below a folder, by their paths. */
export function guestProgramsBelow(folder: string, depth = 0): readonly string[] {
  if (depth > DEPTH_MAX) return [];
  const entries = entriesOf(folder);
  const isProfileFolder = entries.some((entry) => entry.isDirectory() && entry.name === 'deps');
  return entries.flatMap((entry) => {
    const path = join(folder, entry.name);
    if (isProfileFolder) return entry.isFile() && entry.name.endsWith('.d') ? [path.slice(0, -'.d'.length)] : [];
    return entry.isDirectory() ? guestProgramsBelow(path, depth + 1) : [];
  });
}

/** The nearest `Cargo.toml` and `Cargo.lock` above a guest's source, not above `root`: of its packages cargo says nothing. */
export function manifestsAbove(path: string, root: string): readonly string[] {
  const above = foldersAbove(resolve(path)).filter((folder) => isInside(folder, root));
  return ['Cargo.toml', 'Cargo.lock'].flatMap((name) => above.map((folder) => join(folder, name)).find((file) => existsSync(file)) ?? []);
}
