import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const made: string[] = [];

/** Lays files down in a new temporary folder. */
export function temporaryTree(files: Readonly<Record<string, string>>): string {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'package-vm-nx-')));
  made.push(root);
  addFiles(root, files);
  return root;
}

export function addFiles(root: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}

export function removeTrees(): void {
  for (const root of made.splice(0)) rmSync(root, { recursive: true });
}

/** A package's `Cargo.toml`. */
export function crate(name: string, rest = ''): string {
  return `[package]\nname = "${name}"\nversion = "0.1.0"\nedition = "2021"\n\n${rest}\n`;
}

/** A cargo workspace with `prover` (one manifest, needs `field`), `pair` (two manifests), `field`, and `other`. */
export const smallWorkspace: Readonly<Record<string, string>> = {
  'Cargo.toml': '[workspace]\nresolver = "2"\nmembers = ["crates/*"]\n',
  'crates/prover/Cargo.toml': crate('prover', '[dependencies]\nfield = { path = "../field" }'),
  'crates/prover/vm.json': '{ "Files": ["data/key.bin"], "Dirs": ["assets"], "MapDirs": { "etc/conf/*.toml": "/etc" } }',
  'crates/pair/Cargo.toml': crate('pair'),
  'crates/pair/prove.vm.json': '{}',
  'crates/pair/verify.vm.json': '{}',
  'crates/field/Cargo.toml': crate('field'),
  'crates/other/Cargo.toml': crate('other'),
};
