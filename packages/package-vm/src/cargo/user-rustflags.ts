import { type CfgValues, cfgHolds } from './cfg-expression.js';
import { type ConfigTable, tableIn } from './cargo-config.js';
import { type Environment } from './run-cargo.js';

export interface RustflagsSources {
  readonly env: Environment;
  readonly config: ConfigTable;
  /** The target triple that is built for. */
  readonly target: string;
  readonly cfg: CfgValues;
}

/**
 * The compiler flags that cargo would use: the first of `CARGO_ENCODED_RUSTFLAGS`, `RUSTFLAGS`, all matching
 * `target.*.rustflags` joined, and `build.rustflags`, each of the latter two with its environment variable
 * (https://doc.rust-lang.org/cargo/reference/config.html#buildrustflags). A variable that is set and empty wins, too.
 */
export function userRustflags({ env, config, target, cfg }: RustflagsSources): readonly string[] {
  const encoded = env.CARGO_ENCODED_RUSTFLAGS;
  if (encoded !== undefined) return encoded === '' ? [] : encoded.split('\x1f');
  const plain = env.RUSTFLAGS;
  if (plain !== undefined) return words(plain);

  const targets = tableIn(config, 'target');
  const byTriple = flagsIn(tableIn(targets, target), env[`CARGO_TARGET_${target.toUpperCase().replace(/[-.]/g, '_')}_RUSTFLAGS`]);
  const byCfg = Object.keys(targets)
    .filter((key) => cfgHolds(key, cfg))
    .sort()
    .flatMap((key) => flagsIn(tableIn(targets, key), undefined));
  const ofTarget = [...byTriple, ...byCfg];
  return ofTarget.length > 0 ? ofTarget : flagsIn(tableIn(config, 'build'), env.CARGO_BUILD_RUSTFLAGS);
}

/** `rustflags` of a table, a list or a string of words, with what its environment variable adds. */
function flagsIn({ rustflags }: ConfigTable, variable: string | undefined): readonly string[] {
  const own = typeof rustflags === 'string' ? words(rustflags) : Array.isArray(rustflags) ? rustflags.filter((flag) => typeof flag === 'string') : [];
  return [...own, ...words(variable ?? '')];
}

function words(text: string): readonly string[] {
  return text.split(/\s+/).filter((word) => word !== '');
}
