import { readFileSync } from 'node:fs';
import { errorCodeOf } from '@package-vm/errors';

export interface Resources {
  readonly cpus?: number;
  readonly memoryMiB?: number;
}

/** A result file with 100,000 files has 30 MiB. */
const MAX_RESULT_BYTES = 64 * 1024 * 1024;

/** The resources that the result file beside an image asks for; nothing where there is none, or no sound one. */
export function readResources(imagePath: string): Resources {
  try {
    const text = readFileSync(`${imagePath}.json`);
    if (text.length > MAX_RESULT_BYTES) return {};
    const { resources } = (JSON.parse(text.toString()) ?? {}) as { resources?: { cpus?: unknown; memoryMiB?: unknown } | null };
    return { ...given('cpus', resources?.cpus), ...given('memoryMiB', resources?.memoryMiB) };
  } catch (error) {
    if (errorCodeOf(error) !== undefined || error instanceof SyntaxError) return {};
    throw error;
  }
}

function given(name: keyof Resources, value: unknown): Resources {
  return typeof value === 'number' && Number.isInteger(value) && value > 0 ? { [name]: value } : {};
}
