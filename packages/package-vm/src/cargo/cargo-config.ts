import { PackageVmError, errorCodeOf, errorMessageOf } from '@package-vm/errors';
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { type Environment } from './run-cargo.js';

/** A table of a cargo configuration as TOML gives it. */
export type ConfigTable = Readonly<Record<string, unknown>>;

/** Where cargo keeps its registry and its outermost configuration. */
export function cargoHomeOf(env: Environment): string {
  return env.CARGO_HOME ?? join(env.HOME ?? homedir(), '.cargo');
}

/**
 * The configuration that cargo sees in a folder: `.cargo/config.toml` there and in every folder above, then the one of
 * CARGO_HOME, with what they `include`; tables merged, lists joined with the nearest file's items last
 * (https://doc.rust-lang.org/cargo/reference/config.html). Environment variables are not in it.
 *
 * @throws PVM_CARGO_FAILED for a file that cannot be read
 */
export async function readCargoConfig(folder: string, cargoHome: string): Promise<ConfigTable> {
  const { parse } = await import('smol-toml');
  let merged: ConfigTable = {};
  for (const configFolder of configFolders(folder, cargoHome)) {
    // of the two names the one without extension wins, as in cargo
    const file = ['config', 'config.toml'].map((name) => join(configFolder, name)).find((path) => readIfThere(path) !== undefined);
    if (file !== undefined) merged = merge(load(file, parse, 0), merged);
  }
  return merged;
}

function configFolders(folder: string, cargoHome: string): ReadonlySet<string> {
  const folders = new Set<string>();
  for (let at = resolve(folder); ; at = dirname(at)) {
    folders.add(join(at, '.cargo'));
    if (at === dirname(at)) break;
  }
  return folders.add(resolve(cargoHome));
}

const MAX_INCLUDES = 16;

function load(file: string, parse: (text: string) => ConfigTable, depth: number): ConfigTable {
  if (depth > MAX_INCLUDES) throw new PackageVmError('PVM_CARGO_FAILED', `\`${file}\` is included more than ${MAX_INCLUDES} levels deep`);
  let own: ConfigTable;
  try {
    own = parse(readIfThere(file) ?? '');
  } catch (cause) {
    throw new PackageVmError('PVM_CARGO_FAILED', `Could not read the cargo configuration \`${file}\`: ${errorMessageOf(cause)}`, { cause });
  }
  let included: ConfigTable = {};
  for (const path of includesOf(own)) included = merge(included, load(resolve(dirname(file), path), parse, depth + 1));
  return merge(included, own);
}

function includesOf({ include }: ConfigTable): readonly string[] {
  const entries: readonly unknown[] = Array.isArray(include) ? include : [include];
  return entries.flatMap((entry) => {
    const path = isTable(entry) ? entry.path : entry;
    return typeof path === 'string' ? [path] : [];
  });
}

/** `over` on top of `under`, as cargo merges two files. */
function merge(under: ConfigTable, over: ConfigTable): ConfigTable {
  const merged: Record<string, unknown> = { ...under };
  for (const [key, value] of Object.entries(over)) merged[key] = mergeValue(under[key], value);
  return merged;
}

function mergeValue(under: unknown, over: unknown): unknown {
  if (isTable(under) && isTable(over)) return merge(under, over);
  if (Array.isArray(under) && Array.isArray(over)) return [...(under as unknown[]), ...(over as unknown[])];
  return over;
}

/** The table under a key, or an empty one. */
export function tableIn(table: ConfigTable, key: string): ConfigTable {
  const value = Object.hasOwn(table, key) ? table[key] : undefined;
  return isTable(value) ? value : {};
}

function isTable(value: unknown): value is ConfigTable {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'EISDIR', 'EACCES'].includes(errorCodeOf(error) ?? '')) return undefined;
    throw error;
  }
}
