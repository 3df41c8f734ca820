/** A package with the one of its programs that is to be built. All paths are absolute. */
export interface CargoPackage {
  readonly name: string;
  readonly version: string;
  /** Names the package on cargo's command line, also where two have the same name. */
  readonly spec: string;
  readonly manifestPath: string;
  /** The folder of `Cargo.toml`. */
  readonly folder: string;
  readonly targetDir: string;
  /** Where cargo keeps what is between sources and programs; mostly the target folder. */
  readonly buildDir: string;
  readonly workspaceRoot: string;
  /** The package's programs, in the order of cargo. */
  readonly bins: readonly string[];
  /** The chosen one of `bins`. */
  readonly program: string;
  /** `[package.metadata.package-vm]` as it stands, unchecked; undefined when there is none. */
  readonly metadata: unknown;
}
