import { PackageVmError } from '@package-vm/errors';
import { outputTail } from '@package-vm/process';
import { dirname } from 'node:path';
import { type CargoMetadata } from './cargo-metadata.js';
import { type CargoPackage } from './cargo-package.js';
import { choosePackage } from './choose-package.js';
import { findManifest } from './find-manifest.js';
import { type Environment, runCargo } from './run-cargo.js';

export interface FindPackageOptions {
  /** A folder, a `Cargo.toml`, or any file below a package. */
  readonly path: string;
  /** The program; needed only where there are several. */
  readonly program?: string | undefined;
  /** The whole environment of cargo; default: this process's. */
  readonly env?: Environment | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Finds the package at or above a path and chooses the program to build. Reads `Cargo.toml` files through `cargo metadata`:
 * no network, no lock file, nothing is built.
 *
 * @throws PVM_NO_CARGO_PACKAGE, PVM_BAD_CARGO_MANIFEST, PVM_NO_SUCH_PROGRAM, PVM_SEVERAL_PROGRAMS, PVM_MISSING_TOOL, PVM_CANCELLED
 */
export async function findPackage(options: FindPackageOptions): Promise<CargoPackage> {
  const manifestPath = findManifest(options.path);
  const metadata = await readMetadata(manifestPath, options);
  return choosePackage(metadata, { manifestPath, program: options.program });
}

async function readMetadata(manifestPath: string, { env, signal }: FindPackageOptions): Promise<CargoMetadata> {
  const lines: string[] = [];
  const { exitCode, stderr } = await runCargo({
    args: ['metadata', '--no-deps', '--offline', '--format-version', '1', '--manifest-path', manifestPath],
    folder: dirname(manifestPath),
    env,
    signal,
    onLine: (line) => lines.push(line),
  });
  if (exitCode !== 0) {
    throw new PackageVmError('PVM_BAD_CARGO_MANIFEST', `cargo could not read \`${manifestPath}\`:\n${outputTail(stderr)}`);
  }
  const { parseCargoMetadata } = await import('./cargo-metadata.js');
  return parseCargoMetadata(lines.join('\n'));
}
