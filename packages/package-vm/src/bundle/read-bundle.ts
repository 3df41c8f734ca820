import { PackageVmError, errorCodeOf } from '@package-vm/errors';
import { statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BUNDLE_JSON, PROGRAM_FILE, SCHEMA_VERSION, libraryFile } from './bundle-layout.js';
import { type BundleFileContent } from './bundle-file.js';
import { type Bundle, type BundleFile } from './bundle.js';
import { describeFile } from './describe-file.js';

export interface ReadBundleOptions {
  /** Whether to read every file and compare its digest; sizes are always compared. */
  readonly verify?: boolean | undefined;
}

/** Reads a bundle that `writeBundle` wrote. @throws PVM_BAD_BUNDLE */
export async function readBundle(folder: string, { verify = false }: ReadBundleOptions = {}): Promise<Bundle> {
  const { name, program, libraries, build } = await readContent(folder);
  const located = ({ sizeBytes, sha256 }: Omit<BundleFile, 'hostPath'>, path: string): BundleFile => ({ hostPath: join(folder, path), sizeBytes, sha256 });
  const bundle: Bundle = {
    name,
    program: located(program, PROGRAM_FILE),
    libraries: libraries.map(({ guestPath, origin, ...file }) => ({ ...located(file, libraryFile(guestPath)), guestPath, origin })),
    build: build ?? undefined,
  };
  for (const file of [bundle.program, ...bundle.libraries]) await check(file, verify);
  return bundle;
}

async function readContent(folder: string): Promise<BundleFileContent> {
  const path = join(folder, BUNDLE_JSON);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    if (!['ENOENT', 'ENOTDIR'].includes(errorCodeOf(cause) ?? '')) throw cause;
    throw badBundle(`There is no bundle in \`${folder}\`: it has no \`${BUNDLE_JSON}\``, cause);
  }
  const { parseBundleFile } = await import('./bundle-file.js');
  const parsed = parseBundleFile(text);
  if ('problem' in parsed) throw badBundle(`\`${path}\` is no description of a bundle of version ${SCHEMA_VERSION}: ${parsed.problem}`);
  return parsed.content;
}

async function check(file: BundleFile, verify: boolean): Promise<void> {
  const stats = statSync(file.hostPath, { throwIfNoEntry: false });
  if (stats?.isFile() !== true) throw badBundle(`The bundle's file \`${file.hostPath}\` is missing`);
  if (stats.size !== file.sizeBytes) throw badBundle(`The bundle's file \`${file.hostPath}\` has ${stats.size} bytes, expected ${file.sizeBytes}`);
  if (!verify) return;
  const { sha256 } = await describeFile(file.hostPath);
  if (sha256 !== file.sha256) throw badBundle(`The bundle's file \`${file.hostPath}\` has the digest ${sha256}, expected ${file.sha256}`);
}

function badBundle(message: string, cause?: unknown): PackageVmError {
  return new PackageVmError('PVM_BAD_BUNDLE', message, { hint: 'Build it again.', cause });
}
