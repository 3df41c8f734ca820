import { type DirectoryEntry, type FileEntry, type LinkEntry, type Tuple } from '@package-vm/disk-image';
import { type Finding } from '@package-vm/manifest';

/** Where the bytes of a file are: on this machine, or given. While the stamp holds, the digest does too; see `stampOf`. */
export type Content = { readonly hostPath: string; readonly stamp?: string | undefined } | { readonly bytes: Uint8Array };

export interface PlannedFile extends FileEntry {
  readonly content: Content;
  /** Where it comes from, for people and the result file: relative to the Nx workspace, or a word such as `package-vm`. */
  readonly origin: string;
}

export type PlannedEntry = DirectoryEntry | LinkEntry | PlannedFile;

/** Everything that will be in an image, decided before a byte is written. Plain data; paths of entries are sorted by code unit. */
export interface Plan {
  readonly program: string;
  readonly platform: 'gevulot' | 'nanos';
  readonly nanosVersion: string;
  readonly isPlaceholder: boolean;
  /** The root file system. */
  readonly entries: readonly PlannedEntry[];
  /** The root tuple's attributes: program, arguments, environment, mounts, … */
  readonly attributes: Tuple;
  /** Boot loader (`boot.img`), copied to byte 0. */
  readonly bootLoader: PlannedFile;
  /** The boot file system: `/kernel`, `/klib/<name>`. */
  readonly bootFiles: readonly PlannedFile[];
  /** Free space for a guest that writes to its root, in bytes. */
  readonly freeBytes: number;
  /** The image is made at least this large: `BaseVolumeSz`. */
  readonly minimumImageBytes: number;
  readonly findings: readonly Finding[];
}
