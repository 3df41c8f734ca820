/** Where VS Code has its settings, in the folder that is opened. */
export const EDITOR_SETTINGS = '.vscode/settings.json';
/** The manifest's JSON schema where `@package-vm/manifest` is installed in that folder. */
export const INSTALLED_SCHEMA = './node_modules/@package-vm/manifest/schemas/manifest.schema.json';

const MANIFESTS = ['vm.json', '*.vm.json'];
const FORMAT = { formattingOptions: { insertSpaces: true, tabSize: 2 } };

/**
 * Settings of VS Code that tie the manifest's JSON schema to the names of manifests, since ops refuses a manifest that names its schema itself, and that
 * let manifests have comments. What `text` says already about these names stays; so do comments. Undefined when it is no JSON.
 */
export async function tieManifestSchema(text: string | undefined, schemaUrl: string): Promise<string | undefined> {
  const { default: jsonc } = await import('jsonc-parser');
  const problems: unknown[] = [];
  const before = text === undefined || text.trim() === '' ? '{}\n' : text;
  const settings = asRecord(jsonc.parse(before, problems as [], { allowTrailingComma: true }));
  if (problems.length > 0) return undefined;
  const schemas = Array.isArray(settings['json.schemas']) ? (settings['json.schemas'] as readonly unknown[]) : [];
  const isTied = schemas.some((schema) => [asRecord(schema).fileMatch].flat().some((name) => MANIFESTS.includes(String(name))));
  const associations = asRecord(settings['files.associations']);
  const wanted: (readonly [readonly (string | number)[], unknown])[] = [
    ...(isTied ? [] : [[['json.schemas', schemas.length], { fileMatch: MANIFESTS, url: schemaUrl }] as const]),
    ...MANIFESTS.filter((name) => !Object.hasOwn(associations, name)).map((name) => [['files.associations', name], 'jsonc'] as const),
  ];
  return wanted.reduce((changed, [path, value]) => jsonc.applyEdits(changed, jsonc.modify(changed, [...path], value, FORMAT)), before);
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}
