/** How a program was built. */
export interface BuildFacts {
  readonly package: string;
  /** Target triple. */
  readonly target: string;
  /** Cargo profile. */
  readonly profile: string;
  /** The package's features that were on, sorted. */
  readonly features: readonly string[];
  /** First line of `rustc -vV`, e.g. `rustc 1.95.0 (59807616e 2026-04-14)`. */
  readonly rustc: string;
}
