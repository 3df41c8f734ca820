import { resolve } from 'node:path';
import { buildProgram } from '../cargo/build-program.js';
import { type SourcesRead } from '../cargo/dep-info.js';
import { findPackage } from '../cargo/find-package.js';
import { readSources } from '../cargo/read-sources.js';
import { type Environment } from '../cargo/run-cargo.js';
import { sourcePackages } from '../cargo/source-packages.js';
import { TargetMemory, type Unwatched } from '../cargo/target-memory.js';
import { refuseLfsPointers } from '../host-files/lfs-pointer.js';
import { type Bundle } from './bundle.js';
import { collectBundle } from './collect-bundle.js';
import { withTargetLock } from './target-lock.js';
import { writeBundle } from './write-bundle.js';

/** What the settings say of building; paths are relative to the `Cargo.toml`. */
export interface BundleSettings {
  readonly features?: readonly string[] | undefined;
  readonly noDefaultFeatures?: boolean | undefined;
  readonly profile?: string | undefined;
  readonly target?: string | undefined;
  readonly cargoCommand?: readonly string[] | undefined;
  readonly sysroot?: string | undefined;
  readonly extraLibraries?: readonly string[] | undefined;
}

export interface BuildBundleOptions {
  /** A folder, a `Cargo.toml`, or any file below a package. */
  readonly path: string;
  readonly program?: string | undefined;
  readonly settings?: BundleSettings | undefined;
  /** The bundle's folder; replaced when it is there. */
  readonly outputFolder: string;
  /** The Nx workspace, which programs know as `/src`; default: the cargo workspace. */
  readonly workspaceRoot?: string | undefined;
  /** The whole environment of cargo; default: this process's. */
  readonly env?: Environment | undefined;
  /** What decides the build beside what cargo compares: where it changed, cargo builds anew. Default: as it was. */
  readonly unwatched?: Unwatched | undefined;
  /** What cargo and rustc say, as it comes. */
  readonly onOutput?: ((text: string) => void) | undefined;
  /** What is going on, in a sentence. */
  readonly onProgress?: ((message: string) => void) | undefined;
  /** Told what the build read before anything is written; what it throws ends the call. */
  readonly onSources?: ((sources: SourcesRead) => void | Promise<void>) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Builds a program with cargo and writes it, with the libraries that it needs, as a bundle. Building and copying happen
 * under one lock for each target folder, so that programs of the same name are never exchanged.
 *
 * @throws PVM_LFS_POINTER for a source that was not fetched, and what `findPackage`, `withTargetLock`, `buildProgram`, `collectBundle` and `writeBundle` throw
 */
export async function buildBundle(options: BuildBundleOptions): Promise<Bundle> {
  const { path, program, settings = {}, outputFolder, workspaceRoot, env, onOutput, onProgress } = options;
  const found = await findPackage({ path, program, env, signal: options.signal });
  const { targetDir, buildDir, folder } = found;
  const onWait = (): void => onProgress?.(`Waiting for another build in \`${targetDir}\``);
  return withTargetLock({ targetDir, onWait, signal: options.signal }, async (signal) => {
    const { features, noDefaultFeatures, profile, target, cargoCommand } = settings;
    const memory = new TargetMemory(buildDir);
    memory.forgetStale(folder, options.unwatched);
    const { programPath, buildFacts, linkedPaths, trace } = await buildProgram({ package: found, features, noDefaultFeatures, profile, target, cargoCommand, workspaceRoot, env, onOutput, signal });
    const bundle = await collectBundle({
      programPath,
      name: found.program,
      sysroot: settings.sysroot === undefined ? undefined : resolve(folder, settings.sysroot),
      extraLibraries: settings.extraLibraries,
      baseFolder: folder,
      searchPaths: linkedPaths,
      build: buildFacts,
    });
    // those of the machine and of a sysroot are inputs by their names
    const linked = bundle.libraries.filter(({ origin }) => origin === 'cargo' || origin === 'program').map(({ hostPath }) => hostPath);
    const sources = readSources({ ...trace, otherFiles: [...trace.otherFiles, ...linked] });
    memory.remember(sources.files, sourcePackages(trace));
    refuseLfsPointers(sources.files);
    await options.onSources?.(sources);
    return writeBundle(bundle, outputFolder);
  });
}
