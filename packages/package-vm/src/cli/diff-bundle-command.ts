import { printable } from '@package-vm/errors';
import { type Command } from 'commander';
import { resolve } from 'node:path';
import { type BundleDiff, type BundleFileDifference } from '../bundle/diff-bundles.js';
import { type CommandContext } from './command-context.js';
import { writeJson } from './json.js';

/** `package-vm diff-bundle`: why two builds of a program are not the same. Exit code 1 when they differ. */
export function registerDiffBundle(program: Command, context: CommandContext): void {
  const { terminal } = context;
  program
    .command('diff-bundle')
    .description('Compare two bundles: how they were built, which file differs in which sections, and what that tells.')
    .argument('<a>', 'folder of a bundle, e.g. dist/package-vm/crates/prover/prover/bundle')
    .argument('<b>')
    .option('--json', 'print as JSON')
    .action(async (a: string, b: string, flags: { readonly json?: boolean }) => {
      const { diffBundles } = await import('../bundle/diff-bundles.js');
      const diff = await diffBundles(resolve(terminal.cwd, a), resolve(terminal.cwd, b));
      if (flags.json === true) await writeJson(terminal, diff);
      else await terminal.out(describe(diff));
      context.exitCode = diff.isSame ? 0 : 1;
    });
}

function describe({ isSame, facts, files }: BundleDiff): string {
  if (isSame) return 'The bundles are the same\n';
  const lines = [...facts.map(({ name, a, b }) => `! ${name}: \`${a}\` against \`${b}\``), ...files.flatMap(describeFile)];
  return `${lines.map(printable).join('\n')}\nThe bundles differ\n`;
}

function describeFile({ path, a, b, elf }: BundleFileDifference): readonly string[] {
  if (elf === undefined) return [`! ${path}: only in the ${a === undefined ? 'second' : 'first'}`];
  const { sections, reasons } = elf;
  const ofHost = a?.origin === 'host' || b?.origin === 'host' ? ['it comes from this machine: install the same package there, or set `sysroot`'] : [];
  return [`! ${path}: ${sections.length === 0 ? 'other bytes' : `other bytes in ${sections.join(', ')}`}`, ...[...reasons, ...ofHost].map((reason) => `    ${reason}`)];
}
