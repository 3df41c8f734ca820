import { type Explanation, explainExit, explainSignal } from '../task/explain-exit.js';
import { type TaskResult } from '../task/task-result.js';
import { errnoName } from './sandbox-errors.js';
import { type SandboxEnd } from './sandbox-report.js';

export interface ObservedEnd {
  readonly end: Extract<SandboxEnd, { kind: 'exit' | 'signal' | 'exec-failed' }>;
  readonly stderr: string;
  readonly taskResult: TaskResult | undefined;
  /** Whether the program was given a task, so that a result is due. */
  readonly hasTask: boolean;
}

export function explainEnd({ end, stderr, taskResult, hasTask }: ObservedEnd): Explanation {
  if (end.kind === 'exec-failed') return { outcome: 'load-failure', explanation: `The kernel could not load the program (${errnoName(end.errno)}).` };
  if (end.kind === 'signal') return explainSignal(end.number, stderr);
  return explainExit({ code: end.code, output: stderr, taskResult, hasTask });
}
