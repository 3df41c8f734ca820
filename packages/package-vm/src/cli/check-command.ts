import { hasErrors } from '@package-vm/manifest';
import { type Command, Option } from 'commander';
import { statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { checkProject } from '../build/check-project.js';
import { type CommandContext } from './command-context.js';
import { writeJson } from './json.js';
import { showFindings } from './show-findings.js';

interface CheckFlags {
  readonly config?: string;
  readonly platform?: 'gevulot' | 'nanos';
  readonly bin?: string;
  readonly json?: boolean;
}

/** `package-vm check`: every finding about manifests and settings, before anything is built. */
export function registerCheck(program: Command, context: CommandContext): void {
  program
    .command('check')
    .description('Check manifests and settings without building anything.')
    .argument('[paths...]', 'manifests or crate folders (default: this folder)')
    .option('-c, --config <manifest>', 'a manifest, as with build')
    .option('--bin <name>', 'which program of the crate')
    .addOption(new Option('--platform <platform>', 'where the image will run (default: the settings, then gevulot)').choices(['gevulot', 'nanos']))
    .option('--json', 'print the findings as JSON')
    .action(async (paths: string[], flags: CheckFlags) => {
      const { terminal } = context;
      const given = [...paths, ...(flags.config === undefined ? [] : [flags.config])];
      const findings = (given.length === 0 ? ['.'] : given).flatMap((path) => {
        const absolute = resolve(terminal.cwd, path);
        const isFolder = statSync(absolute, { throwIfNoEntry: false })?.isDirectory() === true;
        const place = isFolder ? { folder: absolute } : { folder: dirname(absolute), manifestPath: absolute };
        return checkProject({ ...place, platform: flags.platform, program: flags.bin });
      });
      if (flags.json === true) await writeJson(terminal, { findings });
      else showFindings(findings, terminal);
      const errors = findings.filter(({ severity, allowed }) => severity === 'error' && allowed === undefined).length;
      if (flags.json !== true) terminal.note(errors === 0 ? 'No errors.' : `${errors} ${errors === 1 ? 'error' : 'errors'}.`);
      if (hasErrors(findings)) context.exitCode = 1;
    });
}
