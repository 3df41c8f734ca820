import { join } from 'node:path';
import { type BuildTrace } from './build-program.js';
import { pathOnThisMachine } from './container-paths.js';
import { isInside, realPath } from './real-files.js';
import { isTargetFolder } from './target-folder.js';

/**
 * Tells what this very build made, and what something else holds fast, from what it was made of. To lie in a target folder makes
 * no file one that was made: anybody may have put it there. Asked with real paths.
 */
export class GeneratedFiles {
  readonly #artifacts: ReadonlySet<string>;
  readonly #outputFolders: readonly string[];
  readonly #targetFolders: readonly string[];
  readonly #pinned: readonly string[];

  constructor({ package: built, messages, cargoHome, sysroot }: BuildTrace) {
    const here = (path: string): string => realPath(pathOnThisMachine(path, built));
    this.#artifacts = new Set(messages.flatMap((message) => (message.reason === 'compiler-artifact' ? message.filenames.map(here) : [])));
    this.#outputFolders = messages.flatMap((message) => (message.reason === 'build-script-executed' && message.out_dir !== '' ? [here(message.out_dir)] : []));
    this.#targetFolders = [built.targetDir, built.buildDir].map(realPath);
    // held by Cargo.lock with its digests, and by the compiler's version
    this.#pinned = [join(cargoHome, 'registry'), join(cargoHome, 'git'), ...(sysroot === '' ? [] : [sysroot])].map(realPath);
  }

  /** Whether cargo named a file as one that it made, or a build script had a place for it. */
  isMade(path: string): boolean {
    return this.#artifacts.has(path) || this.#outputFolders.some((folder) => isInside(path, folder));
  }

  isPinned(path: string): boolean {
    return this.#pinned.some((folder) => isInside(path, folder));
  }

  /** Whether who watches a folder does not mean what is below this part of it. */
  isPassedOver(path: string): boolean {
    return this.isMade(path) || this.isPinned(path) || this.#targetFolders.includes(path) || isTargetFolder(path);
  }
}
