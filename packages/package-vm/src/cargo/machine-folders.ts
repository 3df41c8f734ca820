import { realpathSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { readCrateGraph, reachableCrates } from '../crate-graph/crate-graph.js';
import { type CargoPackage } from './cargo-package.js';
import { type Rustc } from './describe-rustc.js';
import { type FolderName } from './remap-flags.js';

export interface MachineFolders {
  readonly package: CargoPackage;
  /** The Nx workspace, or what else holds the sources. */
  readonly sourceRoot: string;
  readonly cargoHome: string;
  readonly rustc: Pick<Rustc, 'sysroot' | 'commitHash'>;
}

/**
 * The folders of this machine that a compiler would write into a program, with the same names everywhere: sources `/src`,
 * crates elsewhere `/crates/<name>`, the target folder `/target`, CARGO_HOME `/cargo`, the toolchain `/rustc-sysroot`, and
 * its own sources `/rustc/<commit>`, as the standard library that comes compiled has them.
 *
 * A crate outside the cargo workspace ties a program to its place all the same: cargo hashes the path of such a crate into
 * the names of its symbols (cargo `core/source_id.rs`, `stable_hash`).
 */
export function machineFolders({ package: built, sourceRoot, cargoHome, rustc }: MachineFolders): readonly FolderName[] {
  const { sysroot, commitHash } = rustc;
  const roots = [sourceRoot, built.workspaceRoot];
  const reached = reachableCrates(readCrateGraph([built.manifestPath]), [built.folder], ['normal', 'build', 'patch']);
  const elsewhere = reached.filter(({ folder }) => !roots.some((root) => isInside(folder, root)));
  const names: readonly FolderName[] = [
    ...roots.map((folder) => ({ folder, name: '/src' })).filter(({ folder }) => folder === sourceRoot || !isInside(folder, sourceRoot)),
    ...elsewhere.map(({ folder, name }) => ({ folder, name: `/crates/${name}` })),
    ...[...new Set([built.targetDir, built.buildDir])].map((folder) => ({ folder, name: '/target' })),
    { folder: cargoHome, name: '/cargo' },
    ...(sysroot === '' ? [] : [{ folder: sysroot, name: '/rustc-sysroot' }]),
    ...(sysroot === '' || commitHash === undefined ? [] : [{ folder: join(sysroot, 'lib/rustlib/src/rust'), name: `/rustc/${commitHash}` }]),
  ];
  // the compiler may know a folder by either name
  return names.flatMap(({ folder, name }) => [...new Set([folder, realPath(folder)])].map((path) => ({ folder: path, name })));
}

function isInside(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way !== '..' && !way.startsWith(`..${sep}`);
}

function realPath(folder: string): string {
  try {
    return realpathSync(folder);
  } catch {
    // not there yet: cargo makes its target folder, and sources of the standard library are seldom installed
    return folder;
  }
}
