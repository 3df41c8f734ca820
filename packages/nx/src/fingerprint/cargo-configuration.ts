import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { digestFile } from './digests.js';

/** Tables of a cargo configuration that change what is built; the others (registries, tokens, network, terminal) do not. */
const MATTERS = ['build', 'env', 'host', 'patch', 'paths', 'profile', 'target', 'unstable'];
const TASTE = ['jobs', 'target-dir', 'build-dir', 'dep-info-basedir', 'rustdoc', 'rustdocflags'];

/**
 * What decides a build from outside the Nx workspace, as lines: cargo's configuration in its home and in the folders above the
 * workspace, and there also a toolchain file and the manifest and lock file of a cargo workspace around it.
 */
export async function outsideConfiguration(workspaceRoot: string, cargoHome: string): Promise<readonly string[]> {
  const above = foldersAbove(workspaceRoot);
  const configurations = [...above.map((folder) => join(folder, '.cargo')), cargoHome].map((folder) => [`${folder}/config`, `${folder}/config.toml`].find((path) => existsSync(path)));
  const files = above.flatMap((folder) => ['rust-toolchain', 'rust-toolchain.toml', 'Cargo.toml', 'Cargo.lock'].map((name) => digestFile(join(folder, name))));
  const parts = await Promise.all(configurations.map(async (path) => (path === undefined ? '' : relevantPart(path))));
  return [...parts, ...files.map((digest) => digest ?? '')].filter((line) => line !== '');
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
