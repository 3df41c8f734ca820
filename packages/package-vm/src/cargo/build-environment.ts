import { PackageVmError } from '@package-vm/errors';
import { basename, resolve } from 'node:path';
import { type CargoCommand } from './cargo-command.js';
import { type CargoConfig, cargoHomeOf, firstText, readCargoConfig, tableIn } from './cargo-config.js';
import { type CargoPackage } from './cargo-package.js';
import { type Rustc, describeRustc } from './describe-rustc.js';
import { compilerFlags } from './compiler-flags.js';
import { filesInFlags } from './flag-files.js';
import { machineFolders } from './machine-folders.js';
import { refuseNativeCpu } from './native-cpu.js';
import { isFile } from './real-files.js';
import { remapFlags } from './remap-flags.js';
import { type Environment } from './run-cargo.js';
import { rustcProgram } from './rustc-program.js';
import { userRustflags } from './user-rustflags.js';

export interface BuildEnvironmentOptions {
  readonly package: CargoPackage;
  readonly target: string | undefined;
  readonly command: CargoCommand;
  readonly sourceRoot: string;
  readonly env: Environment;
  readonly signal: AbortSignal | undefined;
}

export interface BuildEnvironment {
  /** The whole environment for cargo: the user's, with all flags in `CARGO_ENCODED_RUSTFLAGS`, for a build that is not incremental. */
  readonly env: Environment;
  readonly rustc: Rustc;
  /** The target triple that will be built for. */
  readonly target: string;
  readonly cargoHome: string;
  readonly config: CargoConfig;
  /** Files that the flags of compilers name, and a target that is described in a file. */
  readonly namedFiles: readonly string[];
}

/**
 * The environment in which cargo builds with the user's compiler flags, wherever they come from, and ours behind them.
 * Flags in the environment put those of configuration files and of `--config` out of force, so these are read here and handed on.
 *
 * @throws PVM_WRONG_TARGET, PVM_NATIVE_CPU, PVM_MISSING_TOOL, PVM_CARGO_FAILED, PVM_CANCELLED
 */
export async function buildEnvironment({ package: built, target, command, sourceRoot, env, signal }: BuildEnvironmentOptions): Promise<BuildEnvironment> {
  const cargoHome = resolve(built.folder, cargoHomeOf(env));
  const config = await readCargoConfig(built.folder, cargoHome, command.configs);
  const [files, commandLine] = [tableIn(config.files, 'build'), tableIn(config.commandLine, 'build')];
  const wanted = target ?? firstText(commandLine.target) ?? env.CARGO_BUILD_TARGET ?? firstText(files.target);
  const rustcEnv = command.toolchain === undefined ? env : { ...env, RUSTUP_TOOLCHAIN: command.toolchain };
  const rustc = await describeRustc({ program: rustcProgram(env, config), target: wanted === undefined ? undefined : withoutGlibc(wanted), folder: built.folder, env: rustcEnv, signal });
  // a target may be given as a file, `custom.json`
  const triple = basename(withoutGlibc(wanted ?? rustc.host), '.json');
  if (wanted?.endsWith('.json') !== true) refuseForeignTarget(triple);
  const flags = userRustflags({ env, config, target: triple, cfg: rustc.cfg });
  refuseNativeCpu([flags, ...compilerFlags(env, config)]);
  const ours = remapFlags(machineFolders({ package: built, sourceRoot, cargoHome, rustc }), flags.flags);
  return {
    // what an incremental build makes depends on what was built before
    env: { ...env, CARGO_INCREMENTAL: '0', CARGO_ENCODED_RUSTFLAGS: [...flags.flags, ...ours].join('\x1f') },
    rustc,
    target: triple,
    cargoHome,
    config,
    namedFiles: [...filesInFlags(flags.flags, built.workspaceRoot), ...compilerFlags(env, config).flatMap(({ flags: words }) => filesInFlags(words, built.folder)), ...targetFiles(wanted, built.folder, env)],
  };
}

/** A target may be a file, or one of that name in a folder of RUST_TARGET_PATH. */
function targetFiles(target: string | undefined, folder: string, { RUST_TARGET_PATH = '' }: Environment): readonly string[] {
  if (target === undefined) return [];
  if (target.endsWith('.json')) return [resolve(folder, target)];
  return RUST_TARGET_PATH.split(':').filter((path) => path !== '').map((path) => resolve(folder, path, `${target}.json`)).filter(isFile);
}

/** `cargo zigbuild` takes the version of glibc behind the target: `x86_64-unknown-linux-gnu.2.31`. */
function withoutGlibc(target: string): string {
  return target.replace(/\.\d+(\.\d+)+$/, '');
}

/** Says before a long build what would come out of it: on macOS and on ARM, a program that no image runs. */
function refuseForeignTarget(triple: string): void {
  if (/^x86_64-.*linux/.test(triple) || triple === '') return;
  throw new PackageVmError('PVM_WRONG_TARGET', `cargo would build for \`${triple}\`, and an image runs programs for x86_64 Linux`, {
    hint: 'Set `target = "x86_64-unknown-linux-musl"` in `[package.metadata.package-vm]`; on another system also `cargoCommand = ["cargo", "zigbuild"]`.',
    data: { target: triple },
  });
}
