import { PackageVmError } from '@package-vm/errors';

/** Where the official releases are (ops `lepton/const.go`, releaseBaseURL). */
const UPSTREAM_URL = 'https://storage.googleapis.com/nanos/release/';

/** Names the base of a mirror that is laid out like the upstream's. */
export const MIRROR_VARIABLE = 'PACKAGE_VM_NANOS_MIRROR';

/**
 * The URL of a version's archive, below `baseUrl`, else the mirror that the environment names, else upstream. One archive serves
 * Linux and macOS (ops `lepton/image.go`, DownloadReleaseImages). The version must have been checked.
 *
 * @throws PVM_BAD_NANOS_MIRROR
 */
export function archiveUrl(version: string, baseUrl: string | undefined): URL {
  const base = parseBase(baseUrl ?? mirrorOfEnvironment() ?? UPSTREAM_URL);
  return new URL(`${version}/nanos-release-linux-${version}.tar.gz`, base);
}

/** The mirror that the environment names, if any. */
export function mirrorOfEnvironment(): string | undefined {
  const mirror = process.env[MIRROR_VARIABLE];
  return mirror === '' ? undefined : mirror;
}

/** An URL as it may be shown and stored: without user name, password, query and fragment, which may hold secrets. */
export function publicUrl(url: URL): string {
  return url.origin + url.pathname;
}

function parseBase(text: string): URL {
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text)) {
    throw new PackageVmError('PVM_BAD_NANOS_MIRROR', `Mirror of the Nanos releases is ${JSON.stringify(text)}, expected an \`https://\` or \`http://\` URL`, {
      hint: `Set the mirror, or ${MIRROR_VARIABLE}, to the URL of the folder that holds a folder for each version.`,
    });
  }
  const url = new URL(text);
  if (!url.pathname.endsWith('/')) url.pathname += '/';
  return url;
}
