import { printable } from '@package-vm/errors';
import { type Command } from 'commander';
import { type ExplainedInput } from '../explain/explain-runs.js';
import { type ProjectExplanation } from '../explain/explain-project.js';
import { type CommandContext } from './command-context.js';
import { writeJson } from './json.js';

/** `package-vm explain`: which input made the last run of an Nx task a miss. */
export function registerExplain(program: Command, { terminal }: CommandContext): void {
  program
    .command('explain')
    .description('Say for the Nx tasks of a project what the key of the last run is made of, and which input is not as in the run before.')
    .argument('<project>', 'a project of the Nx workspace, or <project>:<target>')
    .option('--json', 'print as JSON')
    .action(async (project: string, flags: { readonly json?: boolean }) => {
      const { explainProject } = await import('../explain/explain-project.js');
      const explanation = explainProject({ project, folder: terminal.cwd, env: terminal.env });
      if (flags.json === true) await writeJson(terminal, explanation);
      else await terminal.out(explanation.tasks.map(describe).join('\n'));
    });
}

const DIGEST_LENGTH = 12;
const NAMES_MAX = 5;

function describe({ task, isHit, before, inputs, changedSince }: ProjectExplanation['tasks'][number]): string {
  const end = isHit ? 'came from the cache' : 'was built';
  const guilty = inputs.filter(({ changed }) => changed !== undefined && changed.length > 0).map(({ name }) => name);
  const title = before === undefined ? `${task} ${end}; no run with another key is recorded` : `${task} ${end}; against the last run with another key: ${guilty.join(', ')}`;
  const width = Math.max(...inputs.map(({ name }) => name.length));
  const rows = inputs.map((input) => `  ${input.name.padEnd(width)}  ${input.digest.slice(0, DIGEST_LENGTH)}  ${changeOf(input)}`.trimEnd());
  const since = changedSince.length === 0 ? [] : [`  Changed since: ${names(changedSince)}`];
  return `${[title, ...rows, ...since].join('\n')}\n`;
}

function changeOf({ changed }: ExplainedInput): string {
  if (changed === undefined) return '';
  return changed.length === 0 ? 'same' : `changed: ${names(changed)}`;
}

function names(all: readonly string[]): string {
  const more = all.length - NAMES_MAX;
  return [...all.slice(0, NAMES_MAX).map((name) => printable(name)), ...(more > 0 ? [`${more} more`] : [])].join(', ');
}
