import { PackageVmError } from '@package-vm/errors';

/** The newest Nanos without a known fault for programs of this kind, see {@link firstFaultyVersion}. */
export const recommendedVersion = '0.1.54';

/**
 * From this version on, two `metadata()` calls on one file of a 9p share crash or hang the kernel (seen on 0.1.55 and on the sources
 * of July 2026, not on 0.1.54; nanos commit aca0073e brought it). A later version that is seen to be sound ends the range here.
 */
export const firstFaultyVersion = '0.1.55';

const VERSION = /^\d{1,6}\.\d{1,6}\.\d{1,6}$/;

export function isNanosVersion(text: string): boolean {
  return VERSION.test(text);
}

/** Refuses what is no version before it becomes part of an URL or a path. @throws PVM_BAD_NANOS_VERSION */
export function checkNanosVersion(version: string): void {
  if (!isNanosVersion(version)) throw badVersion(version, { place: '', hint: '`package-vm nanos list` shows those that are installed or locked.' });
}

/** What was found is no version; `place` follows "Nanos version". */
export function badVersion(version: string, { place, hint }: { readonly place: string; readonly hint: string }): PackageVmError {
  return new PackageVmError('PVM_BAD_NANOS_VERSION', `Nanos version${place} is ${JSON.stringify(version.slice(0, 80))}, expected three numbers such as \`${recommendedVersion}\``, { hint });
}

/** Orders versions by their numbers: negative when `a` is the older one. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [a, b].map((version) => version.split('.').map(Number)) as [number[], number[]];
  const index = left.findIndex((number, at) => number !== right[at]);
  return index === -1 ? 0 : (left[index] ?? 0) - (right[index] ?? 0);
}
