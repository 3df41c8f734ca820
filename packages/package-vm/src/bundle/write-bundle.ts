import { errorCodeOf } from '@package-vm/errors';
import { makeTemporaryFolder } from '@package-vm/process';
import { constants } from 'node:fs';
import { chmod, copyFile, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileChanged } from '../host-files/file-source.js';
import { writeFailed } from '../host-files/write-failed.js';
import { BUNDLE_JSON, PROGRAM_FILE, SCHEMA_VERSION, libraryFile } from './bundle-layout.js';
import { type BundleFileContent } from './bundle-file.js';
import { type Bundle, type BundleFile } from './bundle.js';
import { describeFile } from './describe-file.js';

/**
 * Writes a bundle as a folder: `program`, libraries below `root`, and `bundle.json`, which depends on nothing but their
 * content and the build's facts. The folder is absent, old or complete at any moment; what killed calls left is swept after a day.
 *
 * @returns the bundle with the paths of the copies
 * @throws PVM_WRITE_FAILED, PVM_FILE_CHANGED when a file is not what was collected
 */
export async function writeBundle(bundle: Bundle, folder: string): Promise<Bundle> {
  try {
    await mkdir(dirname(folder), { recursive: true });
    const temporary = await makeTemporaryFolder(`.${basename(folder)}.tmp-`, dirname(folder));
    try {
      await fill(temporary, bundle);
      await replace(temporary, folder);
    } finally {
      await rm(temporary, { recursive: true, force: true });
    }
  } catch (error) {
    throw writeFailed(folder, error);
  }
  return {
    ...bundle,
    program: { ...bundle.program, hostPath: join(folder, PROGRAM_FILE) },
    libraries: bundle.libraries.map((library) => ({ ...library, hostPath: join(folder, libraryFile(library.guestPath)) })),
  };
}

async function fill(folder: string, bundle: Bundle): Promise<void> {
  await copy(bundle.program, join(folder, PROGRAM_FILE));
  for (const library of bundle.libraries) {
    const file = join(folder, libraryFile(library.guestPath));
    await mkdir(dirname(file), { recursive: true });
    await copy(library, file);
  }
  await writeFile(join(folder, BUNDLE_JSON), `${JSON.stringify(contentOf(bundle), undefined, 2)}\n`);
  // a temporary folder is private; others may read a bundle
  await chmod(folder, 0o755);
}

async function copy(file: BundleFile, target: string): Promise<void> {
  await copyFile(file.hostPath, target, constants.COPYFILE_FICLONE);
  // Linux starts an interpreter only when it is executable
  await chmod(target, 0o755);
  if ((await describeFile(target)).sha256 !== file.sha256) throw fileChanged(file.hostPath);
}

function contentOf({ name, program, libraries, build }: Bundle): BundleFileContent {
  return {
    schemaVersion: SCHEMA_VERSION,
    name,
    build: build === undefined ? null : { package: build.package, target: build.target, profile: build.profile, features: [...build.features], rustc: build.rustc },
    program: { sizeBytes: program.sizeBytes, sha256: program.sha256 },
    libraries: libraries.map(({ guestPath, origin, sizeBytes, sha256 }) => ({ guestPath, origin, sizeBytes, sha256 })),
  };
}

/** A folder cannot be renamed over one that has files: the old one steps aside for a moment. */
async function replace(temporary: string, folder: string): Promise<void> {
  const aside = `${temporary}.old`;
  try {
    await rename(folder, aside);
  } catch (error) {
    if (errorCodeOf(error) !== 'ENOENT') throw error;
  }
  await rename(temporary, folder);
  await rm(aside, { recursive: true, force: true });
}
