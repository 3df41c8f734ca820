import { PackageVmError, errorCodeOf } from '@package-vm/errors';
import { type Command, Option } from 'commander';
import { readFileSync, writeFileSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { replaceFile } from '../host-files/replace-file.js';
import { type CommandContext } from './command-context.js';
import { countFindings, formatCounts } from './count-findings.js';
import { findingsJson } from './findings-json.js';
import { writeJson } from './json.js';
import { showFindings } from './show-findings.js';

interface MigrateFlags {
  readonly output?: string;
  readonly bin?: string;
  readonly platform: 'gevulot' | 'nanos';
  readonly json?: boolean;
}

/** `package-vm migrate`: a good manifest of one that was written for ops, and a list of what is changed. */
export function registerMigrate(program: Command, { terminal }: CommandContext): void {
  program
    .command('migrate')
    .description('Make a good manifest of one that was written for ops, and list what is changed.')
    .argument('<manifest>', 'the old manifest')
    .option('-o, --output <file>', 'where the new one goes, the old one too (default: standard output)')
    .option('--bin <name>', 'name of the program')
    .addOption(new Option('--platform <platform>', 'where the image will run').choices(['gevulot', 'nanos']).default('gevulot'))
    .option('--json', 'print the outcome as JSON')
    .action(async (path: string, flags: MigrateFlags) => {
      const { migrateManifest } = await import('../build/migrate-manifest.js');
      const old = resolve(terminal.cwd, path);
      const before = readOld(old);
      const { text, changes, settings, findings } = migrateManifest(before, { file: flags.output ?? path, platform: flags.platform, program: flags.bin });
      for (const change of changes) terminal.note(`- ${change}`);
      if (changes.length === 0) terminal.note('Nothing is to be changed.');
      if (settings.length > 0) terminal.note(`Add to Cargo.toml what an image does not keep:\n\n[package.metadata.package-vm]\n${settings.join('\n')}\n`);
      showFindings(findings, terminal, { textOf: () => text });
      terminal.note(`Left to decide: ${formatCounts(countFindings(findings))}.`);
      if (flags.output !== undefined) writeNew(resolve(terminal.cwd, flags.output), { old, before, text });
      if (flags.json === true) await writeJson(terminal, { text, changes, settings, ...findingsJson(findings) });
      else if (flags.output === undefined) await terminal.out(text);
      else terminal.note(`Wrote ${relative(terminal.cwd, resolve(terminal.cwd, flags.output))}.`);
    });
}

function readOld(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new PackageVmError('PVM_NO_MANIFEST', `There is no manifest \`${path}\``, { cause });
  }
}

function writeNew(path: string, { old, before, text }: { old: string; before: string; text: string }): void {
  if (path === old) {
    replaceFile(path, { expected: before, text });
    return;
  }
  try {
    writeFileSync(path, text, { flag: 'wx' });
  } catch (cause) {
    if (errorCodeOf(cause) !== 'EEXIST') throw new PackageVmError('PVM_WRITE_FAILED', `Could not write \`${path}\`: ${errorCodeOf(cause) ?? ''}`, { cause });
    throw new PackageVmError('PVM_MANIFEST_EXISTS', `There is a manifest already: \`${path}\``, { hint: 'Give another name with `-o`, or the old manifest’s own.' });
  }
}
