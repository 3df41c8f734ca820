import { type BuildFacts } from '../cargo/build-facts.js';

export type { BuildFacts };

/** One file of a bundle. */
export interface BundleFile {
  /** Absolute path on this machine. */
  readonly hostPath: string;
  readonly sizeBytes: number;
  readonly sha256: string;
}

/**
 * Where a library came from: `host` is this machine, which ties the image to its libraries; `sysroot` the pinned folder;
 * `cargo` a folder that cargo linked from; `program` a place beside the program, found through `$ORIGIN`; `extra` the settings.
 */
export type LibraryOrigin = (typeof libraryOrigins)[number];

export const libraryOrigins = ['host', 'sysroot', 'cargo', 'program', 'extra'] as const;

export interface BundleLibrary extends BundleFile {
  /** Absolute path inside the image, where the guest's loader looks for it. */
  readonly guestPath: string;
  readonly origin: LibraryOrigin;
}

/** A program with the shared libraries that it needs, each with its digest. */
export interface Bundle {
  /** Name of the program, e.g. `my_prover`. */
  readonly name: string;
  readonly program: BundleFile;
  /** The ELF interpreter is among them. Sorted by guest path. */
  readonly libraries: readonly BundleLibrary[];
  /** How the program was built; undefined for a program that was built elsewhere. */
  readonly build: BuildFacts | undefined;
}
