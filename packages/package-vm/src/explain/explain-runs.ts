import { createHash } from 'node:crypto';
import { type InputClass, inputClasses } from './input-classes.js';
import { type Digests, type RecordedRun, type TaskRecord } from './run-record.js';

/** Why an Nx task's last run was a hit or a miss. */
export interface TaskExplanation {
  readonly task: string;
  readonly key: string;
  readonly isHit: boolean;
  /** The key of the run that it is compared with: the last with another one. */
  readonly before: string | undefined;
  readonly inputs: readonly ExplainedInput[];
}

export interface ExplainedInput {
  readonly name: string;
  /** Lower-case hexadecimal, of all that belongs to the class. */
  readonly digest: string;
  /** Files, variables, libraries, …: what is new, gone or different; undefined where there is no run to compare with. */
  readonly changed: readonly string[] | undefined;
}

/** Compares the last run with the one before. */
export function explainTask({ task, runs }: TaskRecord): TaskExplanation | undefined {
  const [before, last] = runs.length > 1 ? runs.slice(-2) : [undefined, runs[0]];
  if (last === undefined) return undefined;
  const [now, then] = [inputClasses(last), before === undefined ? undefined : inputClasses(before)];
  const names = [...new Set([...Object.keys(now), ...Object.keys(then ?? {})])];
  const inputs = names.map((name): ExplainedInput => {
    const items = now[name as InputClass] ?? {};
    return { name, digest: digestOf(items), changed: then === undefined ? undefined : differences(then[name as InputClass] ?? {}, items) };
  });
  return { task, key: last.key, isHit: last.isHit, before: before?.key, inputs: before === undefined ? inputs : [...inputs, ...untold(before, last, inputs)] };
}

/** Names of what is in one only, or different. */
function differences(before: Digests, now: Digests): readonly string[] {
  return [...new Set([...Object.keys(before), ...Object.keys(now)])].filter((name) => before[name] !== now[name]).sort();
}

/** Two keys are never different for nothing: what is not told apart is said in the words of Nx. */
function untold(before: RecordedRun, last: RecordedRun, inputs: readonly ExplainedInput[]): readonly ExplainedInput[] {
  if (inputs.some(({ changed }) => changed !== undefined && changed.length > 0)) return [];
  const nodes = differences(before.nodes, last.nodes);
  return [{ name: 'not told apart', digest: digestOf(last.nodes), changed: nodes.length === 0 ? ['the key itself'] : nodes }];
}

function digestOf(items: Digests): string {
  return createHash('sha256').update(JSON.stringify(Object.entries(items).sort(([a], [b]) => (a < b ? -1 : 1)))).digest('hex');
}
