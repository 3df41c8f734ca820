import { PackageVmError, errorCodeOf, printable } from '@package-vm/errors';
import { type Finding, decodeText, manifestError, parseManifest } from '@package-vm/manifest';
import { type Command, Option } from 'commander';
import { writeFileSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { readManifest } from '../host-files/read-manifest.js';
import { replaceFile } from '../host-files/replace-file.js';
import { writeFailed } from '../host-files/write-failed.js';
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
export function registerMigrate(program: Command, context: CommandContext): void {
  const { terminal } = context;
  program
    .command('migrate')
    .description(
      'Make a good manifest of one that was written for ops, and list what is changed. The exit code is 0 also when something is left to decide, which `check` tells again; it is 1 when the old one is no JSON, and then nothing is written.',
    )
    .argument('<manifest>', 'the old manifest')
    .option('-o, --output <file>', 'where the new one goes, the old one too (default: standard output)')
    .option('--bin <name>', 'name of the program')
    .addOption(new Option('--platform <platform>', 'where the image will run').choices(['gevulot', 'nanos']).default('gevulot'))
    .option('--json', 'print the outcome as JSON')
    .action(async (path: string, flags: MigrateFlags) => {
      const { migrateManifest } = await import('../build/migrate-manifest.js');
      const old = resolve(terminal.cwd, path);
      const before = readManifest(old);
      const { text, changes, settings, findings } = migrateManifest(textOf(before, path), { file: flags.output ?? path, platform: flags.platform, program: flags.bin });
      for (const change of changes) terminal.note(`- ${printable(change)}`);
      if (changes.length === 0) terminal.note(whyNothing(findings));
      if (settings.length > 0) terminal.note(`Add to Cargo.toml what an image does not keep:\n\n[package.metadata.package-vm]\n${settings.join('\n')}\n`);
      showFindings(findings, terminal, { textOf: () => text });
      terminal.note(findings.length === 0 ? 'Nothing is left to decide.' : `Left to decide: ${formatCounts(countFindings(findings))}.`);
      const isJson = !findings.some(({ code }) => code === 'syntax');
      if (!isJson) context.exitCode = 1;
      if (flags.output !== undefined && isJson) writeNew(resolve(terminal.cwd, flags.output), { old, before, text });
      if (flags.json === true) await writeJson(terminal, { text, changes, settings, ...findingsJson(findings) });
      else if (!isJson) return;
      else if (flags.output === undefined) await terminal.out(text);
      else terminal.note(`Wrote ${relative(terminal.cwd, resolve(terminal.cwd, flags.output))}.`);
    });
}

function whyNothing(findings: readonly Finding[]): string {
  if (findings.some(({ code }) => code === 'syntax')) return 'Nothing was changed: put the syntax right first, then migrate again.';
  return findings.length === 0 ? 'Nothing is to be changed.' : 'Nothing was changed.';
}

/** What bytes say that is no text cannot be kept. @throws PVM_BAD_MANIFEST */
function textOf(bytes: Uint8Array, file: string): string {
  const { text, isLossless } = decodeText(bytes);
  if (!isLossless) throw manifestError(parseManifest(bytes, { file }).findings);
  return text;
}

function writeNew(path: string, { old, before, text }: { old: string; before: Uint8Array; text: string }): void {
  if (path === old) {
    replaceFile(path, { expected: before, text });
    return;
  }
  try {
    writeFileSync(path, text, { flag: 'wx' });
  } catch (cause) {
    if (errorCodeOf(cause) !== 'EEXIST') throw writeFailed(path, cause);
    throw new PackageVmError('PVM_MANIFEST_EXISTS', `There is a manifest already: \`${path}\``, { hint: 'Give another name with `-o`, or the old manifest’s own.' });
  }
}
