import { errorCodeOf } from '@package-vm/errors';
import { readFileSync } from 'node:fs';

/** The SHA-256 that the result file beside an image states, lower-case hexadecimal; undefined where there is none, or no sound one. */
export function statedDigest(imagePath: string): string | undefined {
  try {
    const { image } = (JSON.parse(readFileSync(`${imagePath}.json`, 'utf8')) ?? {}) as { image?: { sha256?: unknown } | null };
    return typeof image?.sha256 === 'string' ? image.sha256 : undefined;
  } catch (error) {
    if (errorCodeOf(error) !== undefined || error instanceof SyntaxError) return undefined;
    throw error;
  }
}
