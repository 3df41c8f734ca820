import { isPackageVmError } from '@package-vm/errors';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { replaceFile } from '../host-files/replace-file.js';
import { writeFailed } from '../host-files/write-failed.js';
import { EDITOR_SETTINGS, INSTALLED_SCHEMA, tieManifestSchema } from '../project/editor-settings.js';
import { findWorkspaceRoot } from '../project/find-workspace-root.js';
import { type Terminal } from './terminal.js';

/** A copy of the schema, where it is not installed with the project. */
const COPIED_SCHEMA = './.vscode/vm.schema.json';

/**
 * Ties the manifest's schema to its name in the settings of VS Code for the repository of a crate, and says so. What cannot be written there is told,
 * and no failure: the manifest is what was asked for.
 */
export async function addEditorSettings(crateFolder: string, terminal: Terminal): Promise<void> {
  const root = findWorkspaceRoot(crateFolder);
  const settings = join(root, EDITOR_SETTINGS);
  const shown = relative(terminal.cwd, settings);
  try {
    const isInstalled = existsSync(join(root, INSTALLED_SCHEMA));
    const before = existsSync(settings) ? readFileSync(settings) : undefined;
    const after = await tieManifestSchema(before?.toString(), isInstalled ? INSTALLED_SCHEMA : COPIED_SCHEMA);
    if (after === undefined) terminal.note(`Left ${shown} as it is: it is no JSON.`);
    if (after === undefined || after === before?.toString()) return;
    mkdirSync(dirname(settings), { recursive: true });
    if (!isInstalled && after.includes(COPIED_SCHEMA)) writeFileSync(join(root, COPIED_SCHEMA), readFileSync(shippedSchema()));
    if (before === undefined) writeFileSync(settings, after, { flag: 'wx' });
    else replaceFile(settings, { expected: before, text: after });
    terminal.note(`VS Code now checks manifests while they are written: ${shown}.`);
  } catch (error) {
    const failure = writeFailed(settings, error);
    if (!isPackageVmError(failure)) throw error;
    terminal.note(`${failure.message}; VS Code will not check the manifest.`);
  }
}

function shippedSchema(): string {
  return createRequire(import.meta.url).resolve('@package-vm/manifest/schemas/manifest.schema.json');
}
