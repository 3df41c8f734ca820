import { basename, posix } from 'node:path';
import type { Crate } from 'package-vm/light';
import { asRecord } from './settings-paths.js';

/** A program that a crate packages, as its manifest and settings say without asking cargo. */
export interface PackagedProgram {
  /** As in the manifest's or the settings' name: output folders and targets are named after it. */
  readonly name: string;
  /** The bin to build; undefined for the package's only or default one. */
  readonly program: string | undefined;
  /** Relative to the Nx workspace. */
  readonly manifest: string;
  /** What the manifest's relative paths start from, relative to the Nx workspace. */
  readonly baseFolder: string;
  readonly variants: readonly ProgramVariant[];
}

/** A variant of the settings: a configuration of the targets. */
export interface ProgramVariant {
  readonly name: string;
  /** As those of the program. */
  readonly manifest: string;
  readonly baseFolder: string;
}

const SUFFIX = '.vm.json';

/** Whether a file's name makes it a manifest: `vm.json` or `<program>.vm.json`. */
export function isManifestName(path: string): boolean {
  const name = basename(path);
  return name === 'vm.json' || (name.endsWith(SUFFIX) && name.length > SUFFIX.length);
}

/** The programs of a crate; `root` and the manifests found beside its `Cargo.toml` are relative to the Nx workspace. */
export function packagedPrograms(crate: Crate, root: string, manifests: readonly string[]): readonly PackagedProgram[] {
  const { settings } = crate;
  const found = new Map<string, PackagedProgram>();
  const add = (program: string | undefined, manifest: string, base: unknown): void => {
    const name = program ?? crate.name;
    const baseOf = (path: string, folder: unknown): string => (typeof folder === 'string' ? posix.join(root, folder) : posix.dirname(path));
    const variants = Object.entries(asRecord(settings.variants)).map(([variant, value]) => {
      const own = asRecord(value);
      const path = typeof own.manifest === 'string' ? posix.join(root, own.manifest) : manifest;
      return { name: variant, manifest: path, baseFolder: baseOf(path, own.base ?? base) };
    });
    found.set(name, { name, program, manifest, baseFolder: baseOf(manifest, base), variants });
  };

  const main = typeof settings.manifest === 'string' ? posix.join(root, settings.manifest) : manifests.find((path) => basename(path) === 'vm.json');
  if (main !== undefined) add(undefined, main, settings.base);
  for (const path of manifests) {
    const name = basename(path);
    if (name !== 'vm.json' && path !== main) add(name.slice(0, -SUFFIX.length), path, settings.base);
  }
  for (const [program, value] of Object.entries(asRecord(settings.programs))) {
    const own = asRecord(value);
    const manifest = typeof own.manifest === 'string' ? posix.join(root, own.manifest) : found.get(program)?.manifest;
    if (manifest !== undefined) add(program, manifest, own.base ?? settings.base);
  }
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}
