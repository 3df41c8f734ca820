import { type CfgValues, cfgHolds } from './cfg-expression.js';
import { type CargoConfig, type ConfigTable, tableIn } from './cargo-config.js';
import { type NamedFlags } from './compiler-flags.js';
import { flagWords } from './flag-files.js';
import { type Environment } from './run-cargo.js';

export interface RustflagsSources {
  readonly env: Environment;
  readonly config: CargoConfig;
  /** The target triple that is built for. */
  readonly target: string;
  readonly cfg: CfgValues;
}

/**
 * The compiler flags that cargo would use: the first of `CARGO_ENCODED_RUSTFLAGS`, `RUSTFLAGS`, all matching
 * `target.*.rustflags` joined, and `build.rustflags`, each of the latter two from files, environment and `--config`, in this
 * order (https://doc.rust-lang.org/cargo/reference/config.html#buildrustflags). A variable that is set and empty wins, too.
 */
export function userRustflags({ env, config, target, cfg }: RustflagsSources): NamedFlags {
  const encoded = env.CARGO_ENCODED_RUSTFLAGS;
  if (encoded !== undefined) return { flags: encoded === '' ? [] : encoded.split('\x1f'), origin: 'CARGO_ENCODED_RUSTFLAGS' };
  const plain = env.RUSTFLAGS;
  if (plain !== undefined) return { flags: flagWords(plain), origin: 'RUSTFLAGS' };

  const targets = { files: tableIn(config.files, 'target'), commandLine: tableIn(config.commandLine, 'target') };
  const flagsOf = (key: string, variable?: string): readonly string[] => [
    ...flagsIn(tableIn(targets.files, key)),
    ...flagWords(variable ?? ''),
    ...flagsIn(tableIn(targets.commandLine, key)),
  ];
  const keys = [...new Set([...Object.keys(targets.files), ...Object.keys(targets.commandLine)])].filter((key) => cfgHolds(key, cfg)).sort();
  const ofTarget = [...flagsOf(target, env[`CARGO_TARGET_${target.toUpperCase().replace(/[-.]/g, '_')}_RUSTFLAGS`]), ...keys.flatMap((key) => flagsOf(key))];
  if (ofTarget.length > 0) return { flags: ofTarget, origin: 'target.*.rustflags' };
  const ofBuild = [...flagsIn(tableIn(config.files, 'build')), ...flagWords(env.CARGO_BUILD_RUSTFLAGS ?? ''), ...flagsIn(tableIn(config.commandLine, 'build'))];
  return { flags: ofBuild, origin: 'build.rustflags' };
}

/** `rustflags` of a table: a list, or a string of words. */
function flagsIn({ rustflags }: ConfigTable): readonly string[] {
  if (typeof rustflags === 'string') return flagWords(rustflags);
  return Array.isArray(rustflags) ? rustflags.filter((flag) => typeof flag === 'string') : [];
}
