import { PackageVmError, errorCodeOf } from '@package-vm/errors';
import { manifestTemplate } from '@package-vm/manifest';
import { type Command } from 'commander';
import { writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { writeFailed } from '../host-files/write-failed.js';
import { addEditorSettings } from './add-editor-settings.js';
import { type CommandContext } from './command-context.js';
import { writeJson } from './json.js';

interface InitFlags {
  readonly bin?: string;
  readonly plain?: boolean;
  readonly editor: boolean;
  readonly json?: boolean;
}

/** `package-vm init`: a manifest for a crate that has none. Never overwrites. */
export function registerInit(program: Command, { terminal }: CommandContext): void {
  program
    .command('init')
    .description('Write a manifest beside Cargo.toml.')
    .argument('[crate]', 'folder of the crate', '.')
    .option('--bin <name>', 'which program of the crate')
    .option('--plain', 'without comments, which the real ops refuses')
    .option('--no-editor', 'without settings for VS Code that tie the manifest’s schema to its name')
    .option('--json', 'print as JSON')
    .action(async (crate: string, flags: InitFlags) => {
      const { findPackage } = await import('../cargo/find-package.js');
      const found = await findPackage({ path: resolve(terminal.cwd, crate), program: flags.bin, signal: terminal.signal });
      const path = join(found.folder, found.bins.length === 1 ? 'vm.json' : `${found.program}.vm.json`);
      writeNew(path, manifestTemplate({ program: found.program, withComments: flags.plain !== true }));
      if (flags.json === true) await writeJson(terminal, { manifestPath: path, program: found.program });
      else await terminal.out(`Wrote ${relative(terminal.cwd, path)}\n`);
      if (flags.editor) await addEditorSettings(found.folder, terminal);
      const choice = found.bins.length === 1 ? '' : ` --bin ${found.program}`;
      terminal.note(`Package it with \`package-vm build ${relative(terminal.cwd, found.folder) || '.'}${choice}\`.`);
    });
}

function writeNew(path: string, text: string): void {
  try {
    writeFileSync(path, text, { flag: 'wx' });
  } catch (error) {
    if (errorCodeOf(error) !== 'EEXIST') throw writeFailed(path, error);
    throw new PackageVmError('PVM_MANIFEST_EXISTS', `There is a manifest already: \`${path}\``, { hint: 'Check it with `package-vm check`.' });
  }
}
