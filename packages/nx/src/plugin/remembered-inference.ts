import type { ProjectConfiguration } from '@nx/devkit';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, posix } from 'node:path';
import { keepJson, readKept } from './keep-json.js';
import { ownFile } from './own-file.js';
import { fingerprintCommand, ownVersionInputs } from './own-version.js';
import type { PluginOptions } from './plugin-options.js';
import { workspaceDataFolder } from './workspace-data.js';
import { TOOLCHAIN_FILES, holdsToolchain, realPathInside } from './workspace.js';

/** What the plugin makes of the files of an Nx workspace. Plain data; paths are relative to the Nx workspace. */
export interface Inference {
  readonly projects: readonly ProjectConfiguration[];
  /** The root of each crate with those that it needs. */
  readonly edges: readonly (readonly [root: string, needs: readonly string[]])[];
  /** Whether all files could be read: what a half-typed one leaves out is not kept. */
  readonly isWhole: boolean;
  /** What was asked beside the matched files, with the answers. */
  readonly observed: {
    readonly texts: readonly string[];
    readonly toolchains: readonly (readonly [folder: string, chooses: boolean])[];
    readonly links: readonly (readonly [path: string, real: string | null])[];
    /** The roots of crates that have a build script under its usual name. */
    readonly buildScripts: readonly string[];
  };
}

interface Kept {
  readonly key: string;
  /** Digest of the observed texts. */
  readonly texts: string;
  readonly inference: Inference;
}

let last: { readonly workspaceRoot: string; readonly inference: Inference } | undefined;

/**
 * Infers anew, or takes what was inferred before where each text that was read and each question that was asked of the disk is
 * answered as it was then. The latter saves reading TOML and loading what does: 45 ms of 60 with 300 crates.
 */
export async function inference(files: readonly string[], options: PluginOptions | undefined, workspaceRoot: string): Promise<Inference> {
  const path = memoryFile(workspaceRoot);
  const key = digestOf([ownFiles(), JSON.stringify([workspaceRoot, options, fingerprintCommand(workspaceRoot), ownVersionInputs(workspaceRoot)]), ...files.flatMap((file) => [file, textOf(workspaceRoot, file)])]);
  const found = kept(path, key, workspaceRoot) ?? (await inferAndKeep(path, key, { files, options, workspaceRoot }));
  last = { workspaceRoot, inference: found };
  return found;
}

/** What was inferred last; undefined in a process that has not. Nx makes the nodes anew before it asks for edges. */
export function lastInference(workspaceRoot: string): Inference | undefined {
  return last?.workspaceRoot === workspaceRoot ? last.inference : undefined;
}

/**
 * Folders in which a choice of toolchain or cargo's configuration came or went since the targets were inferred: where git ignores
 * such a file, no watcher tells Nx's daemon.
 */
export function unseenChoices(workspaceRoot: string): readonly string[] {
  const toolchains = (readKept(memoryFile(workspaceRoot)) as Kept | undefined)?.inference.observed.toolchains ?? [];
  return toolchains.filter(([folder, chooses]) => holdsToolchain(workspaceRoot, folder) !== chooses).flatMap(([folder]) => [folder, ...TOOLCHAIN_FILES.map((name) => textOf(workspaceRoot, posix.join(folder, name)))]);
}

function memoryFile(workspaceRoot: string): string {
  return join(workspaceDataFolder(workspaceRoot), 'package-vm-projects.json');
}

function kept(path: string, key: string, workspaceRoot: string): Inference | undefined {
  const old = readKept(path) as Kept | undefined;
  if (old?.key !== key) return undefined;
  const { texts, toolchains, links, buildScripts } = old.inference.observed;
  const isSame =
    digestOfTexts(workspaceRoot, texts) === old.texts &&
    toolchains.every(([folder, chooses]) => holdsToolchain(workspaceRoot, folder) === chooses) &&
    links.every(([link, real]) => realPathInside(workspaceRoot, link) === real) &&
    withBuildScripts(old.inference.edges.map(([root]) => root), workspaceRoot).join() === buildScripts.join();
  return isSame ? old.inference : undefined;
}

/** Those of the crates (by their roots) that have a build script under its usual name. */
export function withBuildScripts(roots: readonly string[], workspaceRoot: string): readonly string[] {
  return roots.filter((root) => existsSync(join(workspaceRoot, root, 'build.rs')));
}

async function inferAndKeep(path: string, key: string, { files, options, workspaceRoot }: Question): Promise<Inference> {
  const { inferProjects } = await import('./infer-projects.js');
  const inferred = inferProjects(files, options, workspaceRoot);
  if (inferred.isWhole) keepJson(path, { key, texts: digestOfTexts(workspaceRoot, inferred.observed.texts), inference: inferred } satisfies Kept);
  return inferred;
}

interface Question {
  readonly files: readonly string[];
  readonly options: PluginOptions | undefined;
  readonly workspaceRoot: string;
}

function digestOfTexts(workspaceRoot: string, paths: readonly string[]): string {
  return digestOf(paths.flatMap((path) => [path, textOf(workspaceRoot, path)]));
}

function digestOf(parts: readonly string[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(`${part.length}:`).update(part);
  return hash.digest('hex');
}

/** The text of a file, and something that no file holds where there is none. */
function textOf(workspaceRoot: string, path: string): string {
  try {
    return readFileSync(join(workspaceRoot, path), 'utf8');
  } catch {
    return '\0';
  }
}

/** Our version, and the built entries of the code that infers: they name the chunks that they load, and so a digest of each. */
function ownFiles(): string {
  const { resolve } = createRequire(import.meta.url);
  return digestOf([ownFile('package.json'), ownFile('dist/index.js'), resolve('package-vm/light')].map((path) => textOf('', path)));
}
