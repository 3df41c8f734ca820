import { PackageVmError, errorCodeOf, errorMessageOf, isPackageVmError } from '@package-vm/errors';
import { open } from 'node:fs/promises';
import { type OnReleaseProgress } from './release-progress.js';
import { recommendedVersion } from './release-version.js';
import { publicUrl } from './upstream.js';
import { writing } from './write-failed.js';

export interface Download {
  readonly version: string;
  readonly url: URL;
  /** The file to write; it must not exist. */
  readonly target: string;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: OnReleaseProgress | undefined;
  /** How long the server may be silent. */
  readonly stallTimeoutMs?: number | undefined;
}

/** An official archive has a few MB. */
export const MAX_ARCHIVE_BYTES = 128 * 1024 * 1024;

const STALL_TIMEOUT_MS = 30_000;

/**
 * Downloads the archive of a release.
 *
 * @throws PVM_NO_SUCH_NANOS_VERSION, PVM_DOWNLOAD_FAILED, PVM_WRITE_FAILED, PVM_CANCELLED
 */
export async function downloadArchive(download: Download): Promise<void> {
  const { version, url, target, signal, onProgress, stallTimeoutMs = STALL_TIMEOUT_MS } = download;
  const stall = new AbortController();
  const timer = setTimeout(() => {
    stall.abort();
  }, stallTimeoutMs);
  const file = await writing(target, () => open(target, 'wx'));
  try {
    const response = await request(url, signal === undefined ? stall.signal : AbortSignal.any([signal, stall.signal]));
    const totalBytes = lengthOf(response, download);
    let receivedBytes = 0;
    for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
      timer.refresh();
      receivedBytes += chunk.length;
      if (receivedBytes > MAX_ARCHIVE_BYTES) throw failed(url, `it is larger than ${MAX_ARCHIVE_BYTES} bytes`);
      await writing(target, () => file.writeFile(chunk));
      onProgress?.({ step: 'downloading', version, url: publicUrl(url), receivedBytes, totalBytes });
    }
    if (totalBytes !== undefined && receivedBytes !== totalBytes) throw failed(url, `it ended after ${receivedBytes} of ${totalBytes} bytes`);
  } catch (error) {
    if (isPackageVmError(error)) throw error;
    if (signal?.aborted === true) throw new PackageVmError('PVM_CANCELLED', `The download of \`${publicUrl(url)}\` was stopped on request`);
    if (stall.signal.aborted) throw failed(url, `the server was silent for ${stallTimeoutMs / 1000} s`);
    throw failed(url, reasonOf(error), error);
  } finally {
    clearTimeout(timer);
    await file.close();
  }
}

/** A download that did not succeed, for a reason that another try may mend. */
export function failed(url: URL, why: string, cause?: unknown): PackageVmError {
  return new PackageVmError('PVM_DOWNLOAD_FAILED', `Could not download \`${publicUrl(url)}\`: ${why}`, {
    hint: 'Check the network and try again, or use a folder that holds the release with `--nanos-dir`.',
    cause,
  });
}

function request(url: URL, signal: AbortSignal): Promise<Response> {
  const { username, password } = url;
  const bare = new URL(url);
  bare.username = '';
  bare.password = '';
  const credentials = Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString('base64');
  // the archive is compressed already: its bytes as they are
  const headers = { 'accept-encoding': 'identity', ...(username === '' ? {} : { authorization: `Basic ${credentials}` }) };
  return fetch(bare, { signal, headers });
}

/** The announced length of a good answer. */
function lengthOf(response: Response, { version, url }: Download): number | undefined {
  // a bucket that may not be listed answers 403 where there is no such file
  if ([403, 404, 410].includes(response.status)) {
    throw new PackageVmError('PVM_NO_SUCH_NANOS_VERSION', `There is no Nanos ${version}: the server answered ${response.status} for \`${publicUrl(url)}\``, {
      hint: version === recommendedVersion ? undefined : `Install the recommended version with \`package-vm nanos install ${recommendedVersion}\`.`,
    });
  }
  if (!response.ok) throw failed(url, `the server answered ${response.status}`);
  const length = Number(response.headers.get('content-length') ?? Number.NaN);
  if (length > MAX_ARCHIVE_BYTES) throw failed(url, `it has ${length} bytes, expected at most ${MAX_ARCHIVE_BYTES}`);
  return Number.isSafeInteger(length) ? length : undefined;
}

/** `fetch` hides the reason in a chain of causes, sometimes without a message. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error || (typeof error === 'object' && error !== null && 'cause' in error) ? error.cause : undefined;
  if (cause !== undefined && cause !== null) return reasonOf(cause);
  const message = errorMessageOf(error);
  return message === '' ? (errorCodeOf(error) ?? 'unknown reason') : message;
}
