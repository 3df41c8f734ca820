export { createNodes, createNodesV2 } from './plugin/create-nodes.js';
export { createDependencies } from './plugin/create-dependencies.js';
export { postTasksExecution } from './after-tasks/after-tasks.js';
export type { PluginOptions, TargetChoice } from './plugin/plugin-options.js';

/** The plugin's name in the project graph. */
export const name = '@package-vm/nx';
