import { printable } from '@package-vm/errors';
import { type Command } from 'commander';
import { basename, resolve } from 'node:path';
import { type ImageDiff, type JudgedDifference, diffImages } from '../diff/diff-images.js';
import { type CommandContext } from './command-context.js';
import { formatBytes, writeJson } from './json.js';

/** `package-vm diff`: what two images have differently. Exit code 1 when there is more than the engines are known to differ in. */
export function registerDiff(program: Command, context: CommandContext): void {
  const { terminal } = context;
  program
    .command('diff')
    .description('Compare two images: how the program is started, boot files, every file.')
    .argument('<a>')
    .argument('<b>')
    .option('--json', 'print as JSON')
    .action(async (a: string, b: string, flags: { readonly json?: boolean }) => {
      const diff = diffImages(resolve(terminal.cwd, a), resolve(terminal.cwd, b));
      if (flags.json === true) await writeJson(terminal, diff);
      else await terminal.out(describe(diff, sideNames(a, b)));
      context.exitCode = diff.isSame ? 0 : 1;
    });
}

function describe({ a, b, differences, isSame }: ImageDiff, names: readonly [string, string]): string {
  const lines = differences.map((difference) => describeDifference(difference, names));
  const sizes = a.sizeBytes === b.sizeBytes ? '' : ` (${formatBytes(a.sizeBytes)} and ${formatBytes(b.sizeBytes)})`;
  const end = differences.length === 0 ? 'The trees are the same' : isSame ? `The trees agree: engines \`${a.engine}\` and \`${b.engine}\`` : 'The trees differ';
  return `${lines.join('')}${end}${sizes}\n`;
}

function describeDifference({ part, path, a, b, accepted }: JudgedDifference, [nameA, nameB]: readonly [string, string]): string {
  const what = a === undefined ? `only in ${nameB}: ${show(b)}` : b === undefined ? `only in ${nameA}: ${show(a)}` : `${show(a)} in ${nameA}, ${show(b)} in ${nameB}`;
  return `${accepted === undefined ? '!' : '='} ${printable(`${part} ${path}: ${what}`)}\n${accepted === undefined ? '' : `    ${accepted}\n`}`;
}

function show(value: unknown): string {
  if (typeof value !== 'object' || value === null || !('kind' in value)) return JSON.stringify(value);
  const { kind, sizeBytes, sha256, target } = value as { kind: string; sizeBytes?: number; sha256?: string; target?: string };
  if (kind === 'link') return `link to ${String(target)}`;
  return kind === 'directory' ? 'folder' : `file of ${String(sizeBytes)} bytes, sha256 ${String(sha256).slice(0, 12)}…`;
}

/** The files' names, or the paths where they have the same. */
function sideNames(a: string, b: string): readonly [string, string] {
  return basename(a) === basename(b) ? [a, b] : [basename(a), basename(b)];
}
