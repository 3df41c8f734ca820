/** Where the bytes of a file are: on this machine, or given. */
export type OpsContent = { readonly hostPath: string } | { readonly bytes: Uint8Array };

export interface OpsFile {
  readonly kind: 'file';
  /** Absolute path inside the image. */
  readonly path: string;
  readonly content: OpsContent;
}

export type OpsEntry = OpsFile | { readonly kind: 'directory'; readonly path: string } | { readonly kind: 'link'; readonly path: string; readonly target: string };

/** What ops is to make an image of. */
export interface OpsImage {
  /** The manifest as written: what ops is to understand by itself. Keys that name files of this machine are replaced by `entries` and `release`. */
  readonly manifest: Readonly<Record<string, unknown>>;
  /** `argv[0]` of the program, and its path inside the image, e.g. `my_prover`. */
  readonly program: string;
  /** Value of the variable `IMAGE_NAME`, which ops would otherwise cut at the first dot. */
  readonly imageName: string;
  /** What is mounted where, as it shall be in the image. */
  readonly mounts: Readonly<Record<string, string>>;
  /** Everything in the root file system, the program and its libraries too. */
  readonly entries: readonly OpsEntry[];
  /** The image is made at least this large; 0 for as small as possible. */
  readonly minimumImageBytes: number;
  readonly release: {
    readonly version: string;
    /** `boot.img`, `kernel.img`, `klibs/<name>`. */
    readonly files: readonly { readonly name: string; readonly content: OpsContent }[];
  };
}
