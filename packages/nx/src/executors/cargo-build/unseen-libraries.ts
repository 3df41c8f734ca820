import { PackageVmError } from '@package-vm/errors';
import { posix } from 'node:path';
import type { BundleLibrary } from 'package-vm';
import { hostLibrariesFor, hostLibraryDigest } from '../../fingerprint/host-libraries.js';

export interface HeldLibraries {
  /** Names and paths of the settings. */
  readonly extraLibraries: readonly string[];
  /** The target triples of the fingerprint. */
  readonly targets: readonly string[];
}

/**
 * Refuses a bundle with a library of this machine that the fingerprint does not hold: after an upgrade of it the old bundle would
 * come from the cache. Libraries that cargo or a sysroot gave are inputs of their own.
 *
 * @throws PVM_UNHASHED_FILE with the line to add
 */
export function refuseUnseenLibraries(libraries: readonly BundleLibrary[], { extraLibraries, targets }: HeldLibraries, digestOf = hostLibraryDigest): void {
  const ofHost = libraries
    .filter(({ origin }) => origin === 'host' || origin === 'extra')
    .map(({ guestPath, sha256 }) => ({ name: posix.basename(guestPath), sha256 }))
    .filter(({ name }) => !extraLibraries.some((extra) => extra.endsWith(`/${name}`)));
  const held = new Set([...hostLibrariesFor(targets), ...extraLibraries]);
  const unlisted = ofHost.filter(({ name }) => !held.has(name)).map(({ name }) => name);
  if (unlisted.length > 0) {
    const lines = [...new Set([...extraLibraries, ...unlisted])].map((name) => JSON.stringify(name)).join(', ');
    throw unseen(unlisted, `Add to \`[package.metadata.package-vm]\` in Cargo.toml: \`extraLibraries = [${lines}]\`. Or set \`sysroot\` to a pinned folder.`);
  }
  const elsewhere = ofHost.filter(({ name, sha256 }) => digestOf(name) !== sha256).map(({ name }) => name);
  if (elsewhere.length > 0) throw unseen(elsewhere, 'It comes from no usual folder of libraries: name it by its path in `extraLibraries`, or set `sysroot`.');
}

function unseen(names: readonly string[], hint: string): PackageVmError {
  const list = names.map((name) => `\`${name}\``).join(', ');
  return new PackageVmError('PVM_UNHASHED_FILE', `Nx does not see a change of ${list}, which the program takes from this machine`, { hint, data: { libraries: names } });
}
