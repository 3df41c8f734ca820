import type { PostTasksExecution } from '@nx/devkit';

/** What Nx calls after each of its runs, in the plugin's process. Loads nothing before that. */
export const postTasksExecution: PostTasksExecution = async (_options, context) => {
  const [{ recordRuns }, { refuseDamaged }, { describeError }] = await Promise.all([import('./record-runs.js'), import('./refuse-damaged.js'), import('../executors/run-operation.js')]);
  recordRuns(context);
  try {
    await refuseDamaged(context);
  } catch (error) {
    // Nx prints the message alone
    throw new Error(describeError(error), { cause: error });
  }
};
