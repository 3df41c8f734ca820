import { PackageVmError, errorCodeOf } from '@package-vm/errors';
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { digestFile } from '../host-files/digest-file.js';
import { describeSystemError } from '../host-files/system-error.js';
import { isReleaseFileName, requiredFiles } from './nanos-lock.js';
import { type ReleaseFile } from './nanos-release.js';
import { badVersion, isNanosVersion } from './release-version.js';

/** A release that stands for none has an empty file of this name beside its `kernel.img`. */
export const PLACEHOLDER_MARKER = 'PLACEHOLDER';

const FOLDER_HINT = 'Name the folder that holds `boot.img` and `kernel.img`, e.g. what a Nanos release archive unpacks to.';

/**
 * Reads and digests the files of a release: boot loader, kernel and klibs, sorted by name. Other files are no part of it.
 *
 * @throws PVM_BAD_NANOS_FOLDER
 */
export function readReleaseFiles(folder: string): readonly ReleaseFile[] {
  const files = readPresentFiles(folder);
  const missing = requiredFiles.filter((name) => !files.some((file) => file.name === name));
  if (missing.length === 0) return files;
  const found = listFolder(folder);
  throw new PackageVmError(
    'PVM_BAD_NANOS_FOLDER',
    `\`${folder}\` holds no Nanos release: ${missing.map((name) => `\`${name}\``).join(' and ')} missing, ${found.length === 0 ? 'the folder is empty' : `found ${summary(found)}`}`,
    { hint: FOLDER_HINT, data: { missing, found } },
  );
}

/** Like {@link readReleaseFiles}, for a folder whose completeness is judged by its digests. */
export function readPresentFiles(folder: string): readonly ReleaseFile[] {
  const names = [...listFolder(folder), ...listKlibs(folder)].filter(isReleaseFileName).sort();
  return names
    .map((name) => ({ name, hostPath: join(folder, name) }))
    .filter(({ hostPath }) => isFile(hostPath))
    .map((file) => {
      const { sizeBytes, sha256 } = digestFile(file.hostPath);
      return { ...file, sizeBytes, sha256 };
    });
}

/**
 * The version of a folder that the user named: `placeholder` where the marker is, else what its file `VERSION` says, else its own
 * name where that is a version (as in `~/.ops/0.1.54`), else undefined.
 *
 * @throws PVM_BAD_NANOS_VERSION when `VERSION` holds no version
 */
export function versionOfFolder(folder: string): string | undefined {
  if (isFile(join(folder, PLACEHOLDER_MARKER))) return 'placeholder';
  if (isFile(join(folder, 'VERSION'))) {
    const version = readFileSync(join(folder, 'VERSION'), 'utf8').trim();
    if (!isNanosVersion(version)) throw badVersion(version, { place: ` in \`${join(folder, 'VERSION')}\``, hint: 'Correct that file, or remove it and name the version with `--nanos-version`.' });
    return version;
  }
  const name = basename(resolve(folder));
  return isNanosVersion(name) ? name : undefined;
}

function listKlibs(folder: string): string[] {
  return isFolder(join(folder, 'klibs')) ? listFolder(join(folder, 'klibs')).map((name) => `klibs/${name}`) : [];
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

const NO_FOLDER: Readonly<Record<string, string>> = { ENOENT: 'there is no such folder', ENOTDIR: 'it is no folder' };

function listFolder(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (cause) {
    const why = NO_FOLDER[errorCodeOf(cause) ?? ''];
    throw new PackageVmError('PVM_BAD_NANOS_FOLDER', `Could not read the Nanos release in \`${folder}\`: ${why ?? describeSystemError(cause)}`, {
      hint: why === undefined ? undefined : FOLDER_HINT,
      cause,
    });
  }
}

function summary(names: readonly string[]): string {
  const shown = names.slice(0, 10).map((name) => `\`${name}\``);
  return names.length > 10 ? `${shown.join(', ')} and ${names.length - 10} more` : shown.join(', ');
}
