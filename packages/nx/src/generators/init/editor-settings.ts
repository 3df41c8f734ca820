import { type Tree } from '@nx/devkit';

/** Ties the manifest's JSON schema to the names of manifests in VS Code. Settings that are no JSON stay as they are. */
export async function addEditorSettings(tree: Tree): Promise<void> {
  const { EDITOR_SETTINGS, INSTALLED_SCHEMA, tieManifestSchema } = await import('package-vm');
  const before = tree.read(EDITOR_SETTINGS, 'utf8') ?? undefined;
  const after = await tieManifestSchema(before, INSTALLED_SCHEMA);
  if (after !== undefined && after !== before) tree.write(EDITOR_SETTINGS, after);
}
