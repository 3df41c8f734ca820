import { tieManifestSchema } from './editor-settings.js';

const schema = { fileMatch: ['vm.json', '*.vm.json'], url: './s.json' };
const all = { 'json.schemas': [schema], 'files.associations': { 'vm.json': 'jsonc', '*.vm.json': 'jsonc' } };

describe('tieManifestSchema', () => {
  it.each([undefined, '', '\n', '{}'])('makes settings of %j', async (text) => {
    expect(JSON.parse((await tieManifestSchema(text, './s.json')) ?? '')).toEqual(all);
  });

  it('keeps comments and what is there, and does nothing a second time', async () => {
    const once = await tieManifestSchema('{\n  // ours\n  "editor.tabSize": 4,\n  "json.schemas": [{ "fileMatch": ["a.json"], "url": "./a" }],\n}\n', './s.json');
    expect(once).toContain('// ours\n  "editor.tabSize": 4');
    expect(once).toMatch(/"url": "\.\/a"[^]*"url": "\.\/s\.json"/);
    expect(await tieManifestSchema(once, './s.json')).toBe(once);
  });

  it('leaves another schema for these names, and what is no JSON', async () => {
    const own = '{ "json.schemas": [{ "fileMatch": "vm.json", "url": "./own" }], "files.associations": { "vm.json": "json", "*.vm.json": "json" } }';
    expect(await tieManifestSchema(own, './s.json')).toBe(own);
    expect(await tieManifestSchema('{ "a": ', './s.json')).toBeUndefined();
  });
});
