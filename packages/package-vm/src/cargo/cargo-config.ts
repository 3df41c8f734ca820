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

/** What cargo is configured with, but for environment variables, which come between the two. */
export interface CargoConfig {
  readonly files: ConfigTable;
  /** What `--config` says. */
  readonly commandLine: ConfigTable;
  /** What the two above were merged from, as it was read. */
  readonly sources: readonly ConfigSource[];
}

/** A file of configuration or a value of `--config`, by itself. */
export interface ConfigSource {
  /** Where the relative paths in it start, absolute: the folder that has `.cargo` in it. */
  readonly folder: string;
  readonly table: ConfigTable;
}

/**
 * The configuration that cargo sees in a folder: `.cargo/config.toml` there and in every folder above, then the one of
 * CARGO_HOME, with what they `include`; tables merged, lists joined with the nearest file's items last
 * (https://doc.rust-lang.org/cargo/reference/config.html). `configs` are the values of `--config`: a file or `key=value`.
 *
 * @throws PVM_CARGO_FAILED for a file that cannot be read
 */
export async function readCargoConfig(folder: string, cargoHome: string, configs: readonly string[] = []): Promise<CargoConfig> {
  const { parse } = await import('smol-toml');
  const reader: ConfigReader = { parse, sources: [] };
  let files: ConfigTable = {};
  for (const configFolder of configFolders(folder, cargoHome)) {
    // of the two names the one without extension wins, as in cargo
    const file = ['config', 'config.toml'].map((name) => join(configFolder, name)).find((path) => readIfThere(path) !== undefined);
    if (file !== undefined) files = merge(load(file, reader, 0), files);
  }
  let commandLine: ConfigTable = {};
  for (const value of configs) {
    const file = resolve(folder, value);
    const isFile = readIfThere(file) !== undefined;
    commandLine = merge(commandLine, isFile ? load(file, reader, 0) : parseOrRefuse(value, { origin: '--config', folder }, reader));
  }
  return { files, commandLine, sources: reader.sources };
}

interface ConfigReader {
  readonly parse: (text: string) => ConfigTable;
  readonly sources: ConfigSource[];
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

function load(file: string, reader: ConfigReader, depth: number): ConfigTable {
  if (depth > MAX_INCLUDES) throw new PackageVmError('PVM_CARGO_FAILED', `\`${file}\` is included more than ${MAX_INCLUDES} levels deep`);
  const own = parseOrRefuse(readIfThere(file) ?? '', { origin: file, folder: dirname(dirname(file)) }, reader);
  let included: ConfigTable = {};
  for (const path of includesOf(own)) {
    included = merge(included, load(resolve(dirname(file), path), reader, depth + 1));
  }
  return merge(included, own);
}

function parseOrRefuse(text: string, { origin, folder }: { readonly origin: string; readonly folder: string }, { parse, sources }: ConfigReader): ConfigTable {
  try {
    const table = parse(text);
    sources.push({ folder, table });
    return table;
  } catch (cause) {
    throw new PackageVmError('PVM_CARGO_FAILED', `Could not read the cargo configuration \`${origin}\`: ${errorMessageOf(cause)}`, { cause });
  }
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

/** A text, or the first of a list. */
export function firstText(value: unknown): string | undefined {
  const first: unknown = Array.isArray(value) ? value[0] : value;
  return typeof first === 'string' ? first : undefined;
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
