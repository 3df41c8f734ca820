export interface ReleaseFile {
  /** `boot.img`, `kernel.img` or `klibs/<name>`. */
  readonly name: string;
  /** Absolute path on this machine. */
  readonly hostPath: string;
  readonly sizeBytes: number;
  readonly sha256: string;
}

/** Kernel, boot loader and klibs of one Nanos version, verified against the lock where there is one. */
export interface NanosRelease {
  /** E.g. `0.1.54`, or `placeholder` for the repository's own stand-in. */
  readonly version: string;
  /** Where it came from: an URL, or `folder`. */
  readonly origin: string;
  /** Sorted by name. */
  readonly files: readonly ReleaseFile[];
  /** Whether `nanos.lock.json` holds its digests. */
  readonly isLocked: boolean;
  /** Whether it is the placeholder release, which boots no program. */
  readonly isPlaceholder: boolean;
}
