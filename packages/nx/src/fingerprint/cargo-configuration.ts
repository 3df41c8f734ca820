import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { digestFile } from './file-digests.js';

/** Tables of a cargo configuration that change what is built; the others (registries, tokens, network, terminal) do not. */
const MATTERS = ['build', 'env', 'host', 'patch', 'paths', 'profile', 'target', 'unstable'];
const TASTE = ['jobs', 'target-dir', 'build-dir', 'dep-info-basedir', 'rustdoc', 'rustdocflags'];

const TOOLCHAIN_FILES = ['rust-toolchain', 'rust-toolchain.toml'];

/**
 * What configures the builds of a folder (relative to the Nx workspace), as lines: cargo's configuration and a toolchain file
 * there, in the folders above it and in cargo's home, whether git ignores them or not; above the Nx workspace also the manifest
 * and the lock file of a cargo workspace around it.
 */
export async function buildConfiguration(workspaceRoot: string, folder: string, cargoHome: string): Promise<readonly string[]> {
  const own = resolve(workspaceRoot, folder);
  const above = foldersAbove(workspaceRoot);
  const levels = [own, ...foldersAbove(own)];
  const configurations = [...levels.map((level) => join(level, '.cargo')), cargoHome].map((level) => [`${level}/config`, `${level}/config.toml`].find((path) => existsSync(path)));
  const files = [...levels.flatMap((level) => TOOLCHAIN_FILES.map((name) => join(level, name))), ...above.flatMap((level) => ['Cargo.toml', 'Cargo.lock'].map((name) => join(level, name)))];
  const parts = await Promise.all(configurations.map(async (path) => (path === undefined ? '' : relevantPart(path))));
  return [...parts, ...files.map((path) => digestFile(path) ?? '')].filter((line) => line !== '');
}

async function relevantPart(path: string): Promise<string> {
  const { parse } = await import('smol-toml');
  let table: Record<string, unknown>;
  try {
    table = parse(readFileSync(path, 'utf8'));
  } catch {
    return digestFile(path) ?? '';
  }
  const kept = MATTERS.flatMap((name) => (table[name] === undefined ? [] : [[name, table[name]] as const]));
  return kept.length === 0 ? '' : JSON.stringify(kept, (key, value: unknown) => (TASTE.includes(key) ? undefined : sortKeys(value)));
}

function sortKeys(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function foldersAbove(folder: string): readonly string[] {
  const parent = dirname(folder);
  return parent === folder ? [] : [parent, ...foldersAbove(parent)];
}
