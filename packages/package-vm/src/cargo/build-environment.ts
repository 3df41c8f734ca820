import { basename } from 'node:path';
import { cargoHomeOf, readCargoConfig, tableIn } from './cargo-config.js';
import { type CargoPackage } from './cargo-package.js';
import { type Rustc, describeRustc } from './describe-rustc.js';
import { machineFolders } from './machine-folders.js';
import { remapFlags } from './remap-flags.js';
import { type Environment } from './run-cargo.js';
import { userRustflags } from './user-rustflags.js';

export interface BuildEnvironmentOptions {
  readonly package: CargoPackage;
  readonly target: string | undefined;
  readonly sourceRoot: string;
  readonly env: Environment;
  readonly signal: AbortSignal | undefined;
}

export interface BuildEnvironment {
  /** The whole environment for cargo: the user's, with all flags in `CARGO_ENCODED_RUSTFLAGS`. */
  readonly env: Environment;
  readonly rustc: Rustc;
  /** The target triple that will be built for. */
  readonly target: string;
}

/**
 * The environment in which cargo builds with the user's compiler flags, wherever they come from, and ours behind them.
 * Flags in the environment put those of configuration files out of force, so these are read here and handed on.
 *
 * @throws PVM_MISSING_TOOL, PVM_CARGO_FAILED, PVM_CANCELLED
 */
export async function buildEnvironment({ package: built, target, sourceRoot, env, signal }: BuildEnvironmentOptions): Promise<BuildEnvironment> {
  const cargoHome = cargoHomeOf(env);
  const config = await readCargoConfig(built.folder, cargoHome);
  const build = tableIn(config, 'build');
  const wanted = target ?? env.CARGO_BUILD_TARGET ?? firstText(build.target);
  const program = env.RUSTC ?? env.CARGO_BUILD_RUSTC ?? firstText(build.rustc) ?? 'rustc';
  const rustc = await describeRustc({ program, target: wanted, folder: built.folder, env, signal });
  // a target may be given as a file, `custom.json`
  const triple = basename(wanted ?? rustc.host, '.json');
  const flags = userRustflags({ env, config, target: triple, cfg: rustc.cfg });
  const ours = remapFlags(machineFolders({ package: built, sourceRoot, cargoHome, rustc }), flags);
  return { env: { ...env, CARGO_ENCODED_RUSTFLAGS: [...flags, ...ours].join('\x1f') }, rustc, target: triple };
}

function firstText(value: unknown): string | undefined {
  const first: unknown = Array.isArray(value) ? value[0] : value;
  return typeof first === 'string' ? first : undefined;
}
