import { errorMessageOf } from '@package-vm/errors';
import { dirname, join, resolve } from 'node:path';
import { type CargoConfig, type ConfigTable, isCompilerCache, readCargoConfig, tableIn } from 'package-vm/build-key';
import { digestFile } from './file-digests.js';
import { type Places, withoutPlaces } from './variables.js';

export interface ConfigurationQuestion {
  readonly workspaceRoot: string;
  /** Where cargo runs, relative to the Nx workspace. */
  readonly folder: string;
  /** Absolute. */
  readonly cargoHome: string;
  readonly places: Places;
  /** The values of `--config`. */
  readonly configs?: readonly string[];
  /** What cargo is asked to do: an alias counts where it is used. */
  readonly subcommands?: readonly string[];
}

export interface BuildConfiguration {
  readonly lines: readonly string[];
  readonly config: CargoConfig;
}

const TOOLCHAIN_FILES = ['rust-toolchain', 'rust-toolchain.toml'];

/**
 * What configures the builds of a folder: cargo's configuration and a toolchain file there, in the folders above it and in cargo's
 * home, with what these include, whether git ignores them or not; above the Nx workspace also the manifest and the lock file of a
 * cargo workspace around it.
 */
export async function buildConfiguration(question: ConfigurationQuestion): Promise<BuildConfiguration> {
  const { workspaceRoot, folder, cargoHome, places, configs, subcommands = [] } = question;
  const own = resolve(workspaceRoot, folder);
  const levels = [own, ...foldersAbove(own)];
  const files = [...levels.flatMap((level) => TOOLCHAIN_FILES.map((name) => join(level, name))), ...foldersAbove(workspaceRoot).flatMap((level) => ['Cargo.toml', 'Cargo.lock'].map((name) => join(level, name)))];
  const digests = files.map((path) => digestFile(path) ?? '');
  try {
    const config = await readCargoConfig(own, cargoHome, configs);
    const parts = config.sources.map(({ table }) => withoutPlaces(relevantPart(table, subcommands), places));
    return { config, lines: [...parts, ...digests].filter((line) => line !== '') };
  } catch (error) {
    // cargo will refuse it, too
    return { config: NO_CONFIG, lines: [errorMessageOf(error), ...digests] };
  }
}

const NO_CONFIG: CargoConfig = { files: {}, commandLine: {}, sources: [] };

/** Tables of a cargo configuration that change what is built; the others (registries, tokens, network, terminal) do not. */
const MATTERS = ['build', 'env', 'host', 'patch', 'paths', 'profile', 'resolver', 'target', 'unstable'];

const TASTE_OF_BUILD = ['jobs', 'target-dir', 'build-dir', 'dep-info-basedir', 'incremental', 'rustdoc', 'rustdocflags'];
const TASTE_OF_TARGET = ['runner', 'rustdocflags'];

/** As JSON with sorted keys; empty where nothing matters. */
function relevantPart(table: ConfigTable, subcommands: readonly string[]): string {
  const isAliasUsed = subcommands.some((name) => Object.hasOwn(tableIn(table, 'alias'), name));
  const names = [...MATTERS, ...(isAliasUsed ? ['alias'] : [])].filter((name) => Object.hasOwn(table, name));
  const kept = names.map((name) => [name, sorted(table[name], [name])]).filter(([, value]) => !isEmpty(value));
  return kept.length === 0 ? '' : JSON.stringify(kept);
}

function sorted(value: unknown, path: readonly string[]): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const kept = Object.entries(value).filter(([key, member]) => !isTaste([...path, key], member)).map(([key, member]) => [key, sorted(member, [...path, key])] as const);
  return Object.fromEntries(kept.filter(([, member]) => !isEmpty(member)).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function isEmpty(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}

function isTaste(path: readonly string[], value: unknown): boolean {
  const [table = '', ...keys] = path;
  const key = keys.at(-1) ?? '';
  if (table === 'build' && keys.length === 1) return TASTE_OF_BUILD.includes(key) || (key.endsWith('-wrapper') && typeof value === 'string' && isCompilerCache(value));
  if (table === 'profile') return keys.length === 2 && key === 'incremental';
  if (table === 'resolver') return key !== 'feature-unification';
  return table === 'target' && keys.length === 2 && TASTE_OF_TARGET.includes(key);
}

function foldersAbove(folder: string): readonly string[] {
  const parent = dirname(folder);
  return parent === folder ? [] : [parent, ...foldersAbove(parent)];
}
