/** One file of a bundle. */
export interface BundleFile {
  /** Absolute path on this machine. */
  readonly hostPath: string;
  readonly sizeBytes: number;
  readonly sha256: string;
}

/** Where a library came from: `host` ties the image to this machine's libraries. */
export type LibraryOrigin = 'host' | 'sysroot' | 'cargo' | 'extra';

export interface BundleLibrary extends BundleFile {
  /** Absolute path inside the image, where the guest's loader looks for it. */
  readonly guestPath: string;
  readonly origin: LibraryOrigin;
}

/** How the program was built; undefined for a program that was built elsewhere. */
export interface BuildFacts {
  readonly package: string;
  readonly target: string;
  readonly profile: string;
  readonly features: readonly string[];
  /** First line of `rustc -vV` and its commit, e.g. `rustc 1.95.0 (59807616e 2026-04-14)`. */
  readonly rustc: string;
}

/** A program with the shared libraries that it needs, each with its digest. */
export interface Bundle {
  /** Name of the program, e.g. `my_prover`. */
  readonly name: string;
  readonly program: BundleFile;
  /** The ELF interpreter is among them. Sorted by guest path. */
  readonly libraries: readonly BundleLibrary[];
  readonly build: BuildFacts | undefined;
}
