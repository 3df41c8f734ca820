import { type Tree } from '@nx/devkit';
import jsonc from 'jsonc-parser';

const SETTINGS = '.vscode/settings.json';
const MANIFESTS = ['vm.json', '*.vm.json'];
const SCHEMA = './node_modules/@package-vm/manifest/schemas/manifest.schema.json';
const FORMAT = { formattingOptions: { insertSpaces: true, tabSize: 2 } };

/**
 * Ties the manifest's JSON schema to the names of manifests in VS Code, since ops refuses a manifest that names its schema itself, and lets manifests
 * have comments. What the settings say already about these names stays; so do comments.
 */
export function addEditorSettings(tree: Tree): void {
  const text = tree.read(SETTINGS, 'utf8') ?? '{}\n';
  const settings = asRecord(jsonc.parse(text, [], { allowTrailingComma: true }));
  const schemas = Array.isArray(settings['json.schemas']) ? (settings['json.schemas'] as readonly unknown[]) : [];
  const isTied = schemas.some((schema) => [asRecord(schema).fileMatch].flat().some((name) => MANIFESTS.includes(String(name))));
  const associations = asRecord(settings['files.associations']);
  let changed = text;
  const set = (path: readonly (string | number)[], value: unknown): void => {
    changed = jsonc.applyEdits(changed, jsonc.modify(changed, [...path], value, FORMAT));
  };
  if (!isTied) set(['json.schemas', schemas.length], { fileMatch: MANIFESTS, url: SCHEMA });
  for (const name of MANIFESTS) if (!Object.hasOwn(associations, name)) set(['files.associations', name], 'jsonc');
  if (changed !== text) tree.write(SETTINGS, changed);
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}
