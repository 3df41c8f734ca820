import { type Finding } from '@package-vm/manifest';
import { existsSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { findLockFile } from '../nanos-release/lock-file.js';
import { parseLock } from '../nanos-release/nanos-lock.js';
import { type NanosRelease } from '../nanos-release/nanos-release.js';
import { bootFiles, klibsOf } from '../plan/boot-files.js';
import { type Project } from '../project/read-project.js';

/**
 * What is wrong with kernel and klibs, as far as the lock tells which release a build would use and what is in it: nothing is downloaded, and no file
 * of the release is read. @throws PVM_BAD_NANOS_LOCK
 */
export function lockedBootFindings(project: Project): readonly Finding[] {
  return bootFiles({ ...project, release: lockedRelease(project) ?? releaseWithAll(klibsOf(project.manifest)) }).findings;
}

/** The release of the lock that the settings choose, or the only one. */
function lockedRelease({ manifestPath, settings }: Project): NanosRelease | undefined {
  const path = findLockFile(dirname(manifestPath));
  if (!existsSync(path)) return undefined;
  const lock = parseLock(readFileSync(path, 'utf8'), path);
  const version = settings.nanosVersion ?? (lock.size === 1 ? [...lock.keys()][0] : undefined);
  const record = version === undefined ? undefined : lock.get(version);
  if (version === undefined || record === undefined) return undefined;
  const files = [...record.files].map(([name, file]) => ({ name, hostPath: '', ...file }));
  return { version, origin: record.origin, files, isLocked: true, isPlaceholder: version === 'placeholder' };
}

/** A release of which nothing is known: it may have every klib. */
function releaseWithAll(klibs: readonly string[]): NanosRelease {
  const names = ['boot.img', 'kernel.img', ...klibs.map((klib) => `klibs/${klib}`)];
  return { version: '', origin: '', files: names.map((name) => ({ name, hostPath: '', sizeBytes: 0, sha256: '' })), isLocked: false, isPlaceholder: false };
}
