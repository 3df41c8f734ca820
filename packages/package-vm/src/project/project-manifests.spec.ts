import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { projectManifests } from './project-manifests.js';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'project-manifests-'));
});
afterEach(() => {
  rmSync(root, { recursive: true });
});

function write(files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}

const crate = (name: string, others = ''): string => `[package]\nname = "${name}"\n${others}`;

/** What a path means, in a line each: the manifest, or the folder to search, with the program and the variant. */
function meant(path: string, program?: string): readonly string[] {
  return projectManifests(join(root, path), program).map(({ folder, manifestPath, program: of, variant }) => [relative(root, manifestPath ?? folder) || '.', of, variant].filter((part) => part !== undefined).join(' '));
}

describe('projectManifests', () => {
  const workspace = { 'Cargo.toml': '[workspace]\nmembers = ["crates/*"]\nexclude = ["vendored"]\n', 'crates/a/Cargo.toml': crate('a'), 'crates/a/src/main.rs': '', 'crates/a/vm.json': '{}', 'crates/b/Cargo.toml': crate('b'), 'crates/b/x.vm.json': '{}', 'crates/c/Cargo.toml': crate('c'), 'vendored/Cargo.toml': crate('d'), 'vendored/vm.json': '{}' };

  it('finds those of the members of a cargo workspace', () => {
    write(workspace);
    expect(meant('.')).toEqual(['crates/a/vm.json', 'crates/b/x.vm.json']);
    expect(meant('crates')).toEqual(['crates/a/vm.json', 'crates/b/x.vm.json']);
    expect(meant('crates/a/src')).toEqual(['crates/a/vm.json']);
    expect(meant('crates/c')).toEqual(['crates/c']);
    expect(meant('.', 'a')).toEqual(['crates/a a']);
    expect(meant('.', 'none')).toEqual(['. none']);
  });

  it('finds those of a package that is the root of its cargo workspace too', () => {
    write({ ...workspace, 'Cargo.toml': crate('root', '[workspace]\nmembers = ["crates/*"]\n'), 'vm.json': '{}' });
    expect(meant('.')).toEqual(['vm.json', 'crates/a/vm.json', 'crates/b/x.vm.json']);
  });

  it('finds those that settings name, with the program or the variant that they are for', () => {
    const settings = '[package.metadata.package-vm]\nprograms.a.manifest = "a.vm.json"\nprograms.c.manifest = "deploy/c.json"\nvariants.debug.manifest = "debug.json"\nvariants.gpu = 1\n';
    write({ 'Cargo.toml': crate('p', settings), 'a.vm.json': '{}', 'b.vm.json': '{}' });
    expect(meant('.')).toEqual(['a.vm.json a', 'b.vm.json', 'deploy/c.json c', 'debug.json debug']);
  });

  it('leaves a folder without any to whoever says what was looked for, and needs no crate', () => {
    write({ 'none/x': '', 'some/vm.json': '{}' });
    expect(meant('none')).toEqual(['none']);
    expect(meant('some')).toEqual(['some/vm.json']);
  });
});
