import { resolve } from 'node:path';
import { type CargoConfig, firstText, tableIn } from './cargo-config.js';
import { type Environment } from './run-cargo.js';

/** The compiler that cargo would call: `--config`, RUSTC, CARGO_BUILD_RUSTC, `build.rustc`, else the one on PATH. */
export function rustcProgram(env: Environment, config: CargoConfig): string {
  const configured = (table: CargoConfig['files']): string | undefined => {
    const program = firstText(tableIn(table, 'build').rustc);
    const folder = config.sources.find((source) => firstText(tableIn(source.table, 'build').rustc) === program)?.folder;
    // as cargo does it: a name is looked for on PATH, a path starts where the configuration lies
    return program?.includes('/') === true && folder !== undefined ? resolve(folder, program) : program;
  };
  return configured(config.commandLine) ?? env.RUSTC ?? env.CARGO_BUILD_RUSTC ?? configured(config.files) ?? 'rustc';
}
