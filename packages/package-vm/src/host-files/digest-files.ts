import { PackageVmError } from '@package-vm/errors';
import { createHash } from 'node:crypto';
import { closeSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { Worker } from 'node:worker_threads';
import { describeSystemError } from './system-error.js';
import { stampOf } from './file-stamp.js';
import { openRegularFile } from './file-source.js';
import { ownFile } from './own-file.js';
import { type FileDigest, HEAD_BYTES, digestAndClose } from './digest-file.js';

/** Files from this size on are read in the background, so that Ctrl-C and other work get their turn. */
const LARGE_BYTES = 16 * 1024 * 1024;
const PIECE_BYTES = 1024 * 1024;

/** Size and SHA-256 of many files, by path; large ones on two threads. @throws PVM_NO_FILE, PVM_CANCELLED */
export async function digestFiles(paths: readonly string[], signal?: AbortSignal): Promise<ReadonlyMap<string, FileDigest>> {
  const digests = new Map<string, FileDigest>();
  const large: { path: string; sizeBytes: number }[] = [];
  for (const path of new Set(paths)) {
    const file = openRegularFile(path);
    if (file.sizeBytes < LARGE_BYTES) {
      digests.set(path, digestAndClose(file));
    } else {
      closeSync(file.fd);
      large.push({ path, sizeBytes: file.sizeBytes });
    }
  }
  const [here, beside] = halves(large);
  await Promise.all([digestHere(here, digests, signal), digestBeside(beside, digests, signal)]);
  return digests;
}

/** Size and SHA-256 of a file, read in the background while the piece before is hashed. @throws PVM_NO_FILE, PVM_CANCELLED */
export async function digestLargeFile(path: string, signal?: AbortSignal): Promise<FileDigest> {
  const file = await open(path).catch((cause: unknown) => {
    throw new PackageVmError('PVM_NO_FILE', `Could not read \`${path}\`: ${describeSystemError(cause)}`, { cause });
  });
  try {
    const before = stampOf(await file.stat({ bigint: true }));
    const hash = createHash('sha256');
    const pieces = [Buffer.allocUnsafe(PIECE_BYTES), Buffer.allocUnsafe(PIECE_BYTES)] as const;
    let sizeBytes = 0;
    let head: Uint8Array = new Uint8Array();
    let next = file.read(pieces[0], 0, PIECE_BYTES);
    for (let turn = 1; ; turn ^= 1) {
      const { bytesRead, buffer } = await next;
      if (bytesRead === 0) {
        const stamp = stampOf(await file.stat({ bigint: true }));
        return { sizeBytes, sha256: hash.digest('hex'), head, stamp: stamp === before ? stamp : undefined };
      }
      if (signal?.aborted === true) throw new PackageVmError('PVM_CANCELLED', 'Reading files was stopped on request');
      next = file.read(pieces[turn === 0 ? 0 : 1], 0, PIECE_BYTES);
      // it is awaited in the next turn; until then its failure must not count as unhandled
      next.catch(() => undefined);
      hash.update(buffer.subarray(0, bytesRead));
      if (sizeBytes === 0) head = Uint8Array.from(buffer.subarray(0, Math.min(bytesRead, HEAD_BYTES)));
      sizeBytes += bytesRead;
    }
  } finally {
    await file.close();
  }
}

async function digestHere(paths: readonly string[], digests: Map<string, FileDigest>, signal: AbortSignal | undefined): Promise<void> {
  for (const path of paths) digests.set(path, await digestLargeFile(path, signal));
}

async function digestBeside(paths: readonly string[], digests: Map<string, FileDigest>, signal: AbortSignal | undefined): Promise<void> {
  if (paths.length === 0) return;
  const worker = new Worker(ownFile('dist/host-files/digest-files-worker.js'), { workerData: paths });
  const stop = (): void => void worker.terminate();
  signal?.addEventListener('abort', stop, { once: true });
  try {
    await new Promise<void>((resolve, reject) => {
      worker.on('message', ({ path, ...digest }: FileDigest & { readonly path: string }) => digests.set(path, digest));
      worker.on('error', reject);
      worker.on('exit', () => {
        resolve();
      });
    });
    if (paths.some((path) => !digests.has(path))) throw new PackageVmError('PVM_CANCELLED', 'Reading files was stopped on request');
  } finally {
    signal?.removeEventListener('abort', stop);
  }
}

/** Two lists of about the same number of bytes; one file alone is not worth a thread. */
function halves(files: readonly { readonly path: string; readonly sizeBytes: number }[]): readonly [string[], string[]] {
  const lists: [string[], string[]] = [[], []];
  const sums = [0, 0];
  for (const { path, sizeBytes } of [...files].sort((a, b) => b.sizeBytes - a.sizeBytes)) {
    const which = (sums[1] ?? 0) < (sums[0] ?? 0) ? 1 : 0;
    lists[which].push(path);
    sums[which] = (sums[which] ?? 0) + sizeBytes;
  }
  return lists;
}
