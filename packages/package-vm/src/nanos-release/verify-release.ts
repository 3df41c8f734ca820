import { PackageVmError } from '@package-vm/errors';
import { type FileRecord, type ReleaseRecord } from './nanos-lock.js';
import { type ReleaseFile } from './nanos-release.js';

export interface Verification {
  readonly files: readonly ReleaseFile[];
  readonly expected: ReleaseRecord;
  readonly version: string;
  /** The file that says what is expected. */
  readonly authority: string;
  /** What was looked at: a folder or an URL. */
  readonly place: string;
  readonly hint: string;
}

/** Holds the files of a release against what is known of it: the same names, sizes and digests, nothing more. @throws PVM_NANOS_DIGEST_MISMATCH */
export function verifyRelease({ files, expected, version, authority, place, hint }: Verification): void {
  const differences = findDifferences(files, expected);
  const [first] = differences;
  if (first === undefined) return;
  const others = differences.length === 1 ? '' : ` (and ${differences.length - 1} more)`;
  throw new PackageVmError(
    'PVM_NANOS_DIGEST_MISMATCH',
    `\`${first.name}\` of Nanos ${version} in \`${place}\` is not what \`${authority}\` says: expected ${describe(first.expected)}, found ${describe(first.found)}${others}`,
    { hint, data: { version, place, files: differences } },
  );
}

interface Difference {
  readonly name: string;
  /** Undefined for a file that should not be there. */
  readonly expected: FileRecord | undefined;
  /** Undefined for a file that is missing. */
  readonly found: FileRecord | undefined;
}

/** The files that are not what is known of them, sorted by name. */
export function findDifferences(files: readonly ReleaseFile[], expected: ReleaseRecord): readonly Difference[] {
  const found = digestsOf(files);
  const names = [...new Set([...expected.files.keys(), ...found.keys()])].sort();
  return names
    .map((name) => ({ name, expected: expected.files.get(name), found: found.get(name) }))
    .filter((file) => file.expected?.sha256 !== file.found?.sha256 || file.expected?.sizeBytes !== file.found?.sizeBytes);
}

export function digestsOf(files: readonly ReleaseFile[]): ReadonlyMap<string, FileRecord> {
  return new Map(files.map(({ name, sizeBytes, sha256 }) => [name, { sizeBytes, sha256 }]));
}

function describe(file: FileRecord | undefined): string {
  return file === undefined ? 'no such file' : `${file.sizeBytes} bytes with sha256 ${file.sha256}`;
}
