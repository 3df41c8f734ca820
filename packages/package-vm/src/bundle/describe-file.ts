import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type BundleFile } from './bundle.js';

/** Size and SHA-256 of a file, read in pieces, so that a lock can be kept alive meanwhile. */
export async function describeFile(hostPath: string): Promise<BundleFile> {
  const hash = createHash('sha256');
  let sizeBytes = 0;
  for await (const chunk of createReadStream(hostPath, { highWaterMark: 1024 * 1024 }) as AsyncIterable<Uint8Array>) {
    hash.update(chunk);
    sizeBytes += chunk.length;
  }
  return { hostPath, sizeBytes, sha256: hash.digest('hex') };
}
