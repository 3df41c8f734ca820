/** The light way in for the Nx plugin: TOML and JSON readers, not zod, not execa. */
export { readCrateGraph, reachableCrates } from './crate-graph/crate-graph.js';
export { isWorkspaceMember } from './crate-graph/member-folders.js';
export type { Crate, CrateGraph } from './crate-graph/crate-graph.js';
export { statedDigest } from './inspect/stated-digest.js';
export { outputFolder } from './project/output-folder.js';
export type { CrateProblem } from './crate-graph/cargo-toml.js';
export type { DependencyKind, PathDependency } from './crate-graph/path-dependencies.js';
