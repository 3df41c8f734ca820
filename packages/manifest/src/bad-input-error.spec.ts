import { hasErrors, manifestError, parseManifest, parseSettings, settingsError } from './index.js';

describe('the errors of bad input', () => {
  it('say the first problem of a manifest, where it is, and how many more there are', () => {
    const { findings } = parseManifest('{\n  "files": [],\n  "Args": 1,\n  "Env": [] }', { file: 'vm.json' });
    expect(manifestError(findings)).toMatchObject({
      code: 'PVM_BAD_MANIFEST',
      message: '`files` is not a known key, at vm.json:2:3 (and 2 more problems)',
      hint: 'Did you mean `Files`?',
      data: { findings },
    });
  });

  it('say the one problem of settings', () => {
    const { findings } = parseSettings({ profile: 7 }, { file: 'crates/a/Cargo.toml' });
    expect(settingsError(findings)).toMatchObject({
      code: 'PVM_BAD_SETTINGS',
      message: '`profile` must be a string, found a number, at crates/a/Cargo.toml',
      hint: 'Put it in quotes.',
    });
  });

  it('do not exist without a problem', () => {
    const { findings } = parseManifest('{}', { file: 'vm.json' });
    expect(hasErrors(findings)).toBe(false);
    expect(() => manifestError(findings)).toThrow(RangeError);
  });
});
