import { addLockedPackage, newLockFile } from './lock-file.js';
import { addWorkspaceMember } from './workspace-members.js';

describe('addWorkspaceMember', () => {
  it.each([
    { reason: 'a list in one line', text: '[workspace]\nmembers = ["a", "b"]\n', expected: '[workspace]\nmembers = ["a", "b", "new"]\n' },
    { reason: 'a list in one line with a last comma', text: '[workspace]\nmembers = ["a",] # all\n', expected: '[workspace]\nmembers = ["a", "new",] # all\n' },
    { reason: 'an empty list', text: '[workspace]\nmembers = []\n', expected: '[workspace]\nmembers = ["new"]\n' },
    {
      reason: 'one per line, with a last comma and comments',
      text: '# top\n[workspace]\nmembers = [\n    "a", # first\n    "b", # second\n    # end\n]\nexclude = []\n',
      expected: '# top\n[workspace]\nmembers = [\n    "a", # first\n    "b", # second\n    "new",\n    # end\n]\nexclude = []\n',
    },
    { reason: 'one per line, without a last comma', text: '[workspace]\nmembers = [\n  "a"\n]\n', expected: '[workspace]\nmembers = [\n  "a",\n  "new"\n]\n' },
    { reason: 'one per line, a comment behind the last', text: '[workspace]\nmembers = [\n  "a" # only\n]\n', expected: '[workspace]\nmembers = [\n  "a", # only\n  "new"\n]\n' },
    { reason: 'lines that end as on Windows', text: '[workspace]\r\nmembers = [\r\n  "a",\r\n]\r\n', expected: '[workspace]\r\nmembers = [\r\n  "a",\r\n  "new",\r\n]\r\n' },
    { reason: 'no list', text: '[workspace] # here\nresolver = "2"\n', expected: '[workspace] # here\nmembers = ["new"]\nresolver = "2"\n' },
    { reason: 'a dotted key', text: 'workspace.members = ["a"]\n', expected: 'workspace.members = ["a", "new"]\n' },
    { reason: 'a package without a workspace', text: '[package]\nname = "x"', expected: '[package]\nname = "x"\n\n[workspace]\nmembers = ["new"]\n' },
    { reason: 'the member, listed', text: '[workspace]\nmembers = ["./new/"]\n', expected: '[workspace]\nmembers = ["./new/"]\n' },
    { reason: 'the member, by a pattern', text: '[workspace]\nmembers = ["n*"]\n', expected: '[workspace]\nmembers = ["n*"]\n' },
  ])('keeps the text around $reason', ({ text, expected }) => {
    expect(addWorkspaceMember(text, 'new')).toBe(expected);
  });

  it('refuses a text that is no TOML', () => {
    expect(() => addWorkspaceMember('[workspace', 'new')).toThrow(expect.objectContaining({ code: 'PVM_BAD_CARGO_MANIFEST' }) as Error);
  });
});

describe('addLockedPackage', () => {
  const head = '# generated\nversion = 4\n\n';
  const locked = (name: string, rest = ''): string => `[[package]]\nname = "${name}"\nversion = "0.1.0"\n${rest}`;

  it.each([
    { reason: 'between two', text: `${head}${locked('a')}\n${locked('z')}`, expected: `${head}${locked('a')}\n${locked('m')}\n${locked('z')}` },
    { reason: 'first', text: `${head}${locked('z')}`, expected: `${head}${locked('m')}\n${locked('z')}` },
    { reason: 'last', text: `${head}${locked('a', 'dependencies = [\n "b",\n]\n')}`, expected: `${head}${locked('a', 'dependencies = [\n "b",\n]\n')}\n${locked('m')}` },
    { reason: 'into an empty one', text: head, expected: `${head}${locked('m')}` },
    { reason: 'before other tables', text: `${head}${locked('a')}\n[metadata]\nx = "1"\n`, expected: `${head}${locked('a')}\n${locked('m')}\n[metadata]\nx = "1"\n` },
    { reason: 'beside a package of that name from a registry', text: `${head}${locked('m', 'source = "registry"\n')}`, expected: `${head}${locked('m', 'source = "registry"\n')}\n${locked('m')}` },
    { reason: 'not again', text: `${head}${locked('m')}`, expected: `${head}${locked('m')}` },
  ])('puts a package $reason', ({ text, expected }) => {
    expect(addLockedPackage(text, 'm')).toBe(expected);
  });

  it('agrees with a new lock file', () => {
    expect(addLockedPackage(newLockFile('a'), 'a')).toBe(newLockFile('a'));
    expect(newLockFile('m')).toContain('version = 4\n\n[[package]]\nname = "m"');
  });
});
