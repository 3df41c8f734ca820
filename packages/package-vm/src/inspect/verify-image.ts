import { PackageVmError } from '@package-vm/errors';
import { type ImageDescription, describeImage } from './describe-image.js';
import { statedDigest } from './stated-digest.js';

/**
 * Compares an image with the result file beside it, as after a download. It shows damage, not malice: who changes both is not seen.
 *
 * @throws PVM_IMAGE_DAMAGED, PVM_NO_FILE without a result file, PVM_BAD_IMAGE where it cannot even be read
 */
export async function verifyImage(imagePath: string): Promise<ImageDescription> {
  const expected = statedDigest(imagePath);
  if (expected === undefined) {
    throw new PackageVmError('PVM_NO_FILE', `There is no result file \`${imagePath}.json\` that states the image's digest`, { hint: 'It is made together with the image: copy both.' });
  }
  const description = await describeImage(imagePath);
  if (description.sha256 !== expected) throw imageDamaged(imagePath, { expected, found: description.sha256 });
  return description;
}

/** An image that is not what its result file says. */
export function imageDamaged(imagePath: string, { expected, found, hint }: { expected: string; found: string; hint?: string }): PackageVmError {
  return new PackageVmError('PVM_IMAGE_DAMAGED', `\`${imagePath}\` has the digest ${found}, its result file says ${expected}`, { hint: hint ?? 'Build it again, or get a whole copy.' });
}
