import { digestLargeFile } from '../host-files/digest-files.js';
import { type BundleFile } from './bundle.js';

/** Size and SHA-256 of a file, read in the background, so that a lock can be kept alive meanwhile. @throws PVM_NO_FILE */
export async function describeFile(hostPath: string): Promise<BundleFile> {
  const { sizeBytes, sha256 } = await digestLargeFile(hostPath);
  return { hostPath, sizeBytes, sha256 };
}
