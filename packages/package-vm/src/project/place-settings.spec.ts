import { type Finding, parseSettings } from '@package-vm/manifest';
import { parse } from 'smol-toml';
import { asTable } from '../crate-graph/cargo-toml.js';
import { placeSettings } from './place-settings.js';

/** The findings on settings, as `line:column-endColumn code`. */
async function placed(lines: readonly string[]): Promise<readonly string[]> {
  const text = `${lines.join('\n')}\n`;
  const metadata = asTable(asTable(parse(text).package).metadata);
  const { findings } = parseSettings(metadata['package-vm'], { file: 'Cargo.toml' });
  const found = await placeSettings(findings, () => text);
  return found.map(({ code, place: { line, column, endColumn } }) => `${line}:${column}-${endColumn} ${code}`);
}

describe('placeSettings', () => {
  it.each([
    { reason: 'an unknown key', lines: ['[package.metadata.package-vm]', 'platfrom = "nanos"'], found: ['2:1-9 unknown-key'] },
    { reason: 'a wrong value', lines: ['[package.metadata.package-vm]', 'platform = "aws"'], found: ['2:12-17 bad-value'] },
    { reason: 'a value in a table of its own', lines: ['[package.metadata.package-vm.resources]', 'cpus = 0'], found: ['2:8-9 bad-value'] },
    { reason: 'a value in an inline table', lines: ['[package.metadata.package-vm]', 'resources = { cpus = 0 }'], found: ['2:22-23 bad-value'] },
    { reason: 'a dotted key', lines: ['[package]', 'metadata.package-vm.resources.cpus = 0'], found: ['2:38-39 bad-value'] },
    { reason: 'an element of a list', lines: ['[package.metadata.package-vm]', 'features = ["a", 7]'], found: ['2:18-19 quote-it'] },
    { reason: 'a list of tables', lines: ['[[package.metadata.package-vm.allow]]', 'finding = "syntax"', 'reason = "x"'], found: ['1:3-36 cannot-allow'] },
    { reason: 'a program with a quoted name', lines: ['[package.metadata.package-vm.programs."a.b"]', 'x = 1'], found: ['2:1-2 unknown-key'] },
    { reason: 'a key that is missing', lines: ['[package.metadata.package-vm]', 'allow = [{ finding = "x" }]'], found: ['2:10-27 wrong-type'] },
  ])('finds $reason', async ({ lines, found }) => {
    expect(await placed(lines)).toEqual(found);
  });

  it('leaves findings alone of which the file is not there, no TOML, or no Cargo.toml', async () => {
    const findings: readonly Finding[] = ['Cargo.toml', 'x/Cargo.toml', 'bundle.json'].map((file) => ({ code: 'x', severity: 'note', message: 'x', place: { file, keys: ['package'] } }));
    expect(await placeSettings(findings, (file) => (file === 'Cargo.toml' ? '= no TOML' : undefined))).toEqual(findings);
  });
});
