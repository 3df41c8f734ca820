/** What the key of a build is made of, for the programs with which the Nx plugin computes it: light, as they run in each Nx command. */
export { cargoCommand } from './cargo/cargo-command.js';
export { cargoHomeOf, readCargoConfig, tableIn } from './cargo/cargo-config.js';
export type { CargoConfig, ConfigTable } from './cargo/cargo-config.js';
export { isCompilerCache, nameMatches, relevantVariables } from './cargo/cargo-variables.js';
export { flagWords } from './cargo/flag-files.js';
export { USUAL_LIBRARY_FOLDERS } from './cargo/library-folders.js';
export { rustcProgram } from './cargo/rustc-program.js';
export { isTargetFolder } from './cargo/target-folder.js';
