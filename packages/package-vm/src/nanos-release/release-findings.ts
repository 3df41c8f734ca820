import { type Finding } from '@package-vm/manifest';
import { LOCK_FILE_NAME } from './lock-file.js';
import { type NanosRelease } from './nanos-release.js';
import { compareVersions, firstFaultyVersion, isNanosVersion, recommendedVersion } from './release-version.js';

/** What there is to say about a release before an image is made of it. */
export function releaseFindings(release: NanosRelease): readonly Finding[] {
  return [...placeholder(release), ...notLocked(release), ...faulty(release)];
}

function placeholder({ isPlaceholder }: NanosRelease): Finding[] {
  if (!isPlaceholder) return [];
  return [warning('placeholder-release', 'The image holds the placeholder release, which is not Nanos and runs no program', `Install Nanos with \`package-vm nanos install ${recommendedVersion}\`.`)];
}

function notLocked({ version, origin, isLocked, isPlaceholder }: NanosRelease): Finding[] {
  if (isLocked || isPlaceholder) return [];
  const lock = origin === 'folder' ? '--nanos-dir <folder>' : version;
  return [warning('nanos-not-locked', `${origin === "folder" ? "The Nanos release in the folder" : `Nanos ${version}`} is not locked`, `Lock it with \`package-vm nanos lock ${lock}\`.`)];
}

function faulty({ version }: NanosRelease): Finding[] {
  if (!isNanosVersion(version) || compareVersions(version, firstFaultyVersion) < 0) return [];
  const fault = 'two `metadata()` calls on one file of the workspace can crash or hang the kernel';
  const message = version === firstFaultyVersion ? `Nanos ${version} has a fault: ${fault}` : `Nanos ${version} may have the fault of ${firstFaultyVersion}: ${fault}`;
  return [warning('nanos-faulty-version', message, `Use ${recommendedVersion}: \`package-vm nanos install ${recommendedVersion}\`.`)];
}

function warning(code: string, message: string, hint: string): Finding {
  return { code, severity: 'warning', message, hint, place: { file: LOCK_FILE_NAME } };
}
