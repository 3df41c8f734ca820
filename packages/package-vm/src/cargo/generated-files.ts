import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type BuildTrace } from './build-program.js';
import { isInside, realPath } from './real-files.js';

/** Tells what a build made, and what something else holds fast, from what it was made of. Asked with real paths. */
export class GeneratedFiles {
  readonly #made: readonly string[];
  readonly #pinned: readonly string[];
  readonly #sourceRoot: string;
  readonly #isTargetFolder = new Map<string, boolean>();

  constructor({ package: built, cargoHome, sysroot, sourceRoot }: Omit<BuildTrace, 'messages'>) {
    this.#made = [built.targetDir, built.buildDir].map(realPath);
    // held by Cargo.lock with its digests, and by the compiler's version
    this.#pinned = [join(cargoHome, 'registry'), join(cargoHome, 'git'), ...(sysroot === '' ? [] : [sysroot])].map(realPath);
    this.#sourceRoot = realPath(sourceRoot);
  }

  /** Whether a path is in a target folder: of this build, or of a cargo that a build script ran in the sources. */
  isMade(path: string): boolean {
    return this.#made.some((folder) => isInside(path, folder)) || this.#isInOtherTargetFolder(path);
  }

  isPinned(path: string): boolean {
    return this.#pinned.some((folder) => isInside(path, folder));
  }

  #isInOtherTargetFolder(path: string): boolean {
    if (path === this.#sourceRoot || !isInside(path, this.#sourceRoot)) return false;
    const known = this.#isTargetFolder.get(path);
    if (known !== undefined) return known;
    const is = existsSync(join(path, 'CACHEDIR.TAG')) || this.#isInOtherTargetFolder(dirname(path));
    this.#isTargetFolder.set(path, is);
    return is;
  }
}
