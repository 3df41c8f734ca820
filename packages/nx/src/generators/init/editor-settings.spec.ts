import { type Tree, readJson } from '@nx/devkit';
import { createTreeWithEmptyWorkspace } from '@nx/devkit/testing';
import { addEditorSettings } from './editor-settings.js';

const PATH = '.vscode/settings.json';
const schema = { fileMatch: ['vm.json', '*.vm.json'], url: './node_modules/@package-vm/manifest/schemas/manifest.schema.json' };
let tree: Tree;
beforeEach(() => {
  tree = createTreeWithEmptyWorkspace();
});

describe('addEditorSettings', () => {
  it('ties the schema to the names of manifests, and lets them have comments, once', async () => {
    await addEditorSettings(tree);
    const once = tree.read(PATH, 'utf8');
    await addEditorSettings(tree);
    expect(tree.read(PATH, 'utf8')).toBe(once);
    expect(readJson(tree, PATH)).toEqual({ 'json.schemas': [schema], 'files.associations': { 'vm.json': 'jsonc', '*.vm.json': 'jsonc' } });
  });

  it('keeps comments and what is there', async () => {
    tree.write(PATH, '{\n  // ours\n  "editor.tabSize": 4,\n  "json.schemas": [{ "fileMatch": ["a.json"], "url": "./a" }],\n}\n');
    await addEditorSettings(tree);
    const text = tree.read(PATH, 'utf8') ?? '';
    expect(text).toContain('// ours\n  "editor.tabSize": 4');
    expect(text).toMatch(/"url": "\.\/a"[^]*manifest\.schema\.json/);
  });

  it('leaves another schema for these names', async () => {
    tree.write(PATH, '{ "json.schemas": [{ "fileMatch": "vm.json", "url": "./own" }], "files.associations": { "vm.json": "json", "*.vm.json": "json" } }');
    const before = tree.read(PATH, 'utf8');
    await addEditorSettings(tree);
    expect(tree.read(PATH, 'utf8')).toBe(before);
  });
});
