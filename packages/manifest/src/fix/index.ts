export { describeChange } from './describe-change.js';
export { applyFixes, fixManifest } from './fix-manifest.js';
export type { FixOptions, FixedManifest } from './fix-manifest.js';
export { leftovers } from './leftovers.js';
export { withoutProse } from './without-prose.js';
