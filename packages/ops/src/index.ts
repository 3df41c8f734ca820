export { buildWithOps } from './build-with-ops.js';
export type { OpsBuild, OpsOutcome } from './build-with-ops.js';
export { findOps } from './find-ops.js';
export { MINIMUM_OPS_VERSION, identifyOps, opsCacheKey } from './ops-version.js';
export type { OpsIdentity } from './ops-version.js';
export { withOpsHome } from './ops-home.js';
export type { OpsHome } from './ops-home.js';
export type { OpsContent, OpsEntry, OpsFile, OpsImage } from './ops-image.js';
