import { PackageVmError, errorMessageOf } from '@package-vm/errors';

/** Checks the JSON of a lock by hand: loading a validation library would cost every build more than the rest of this folder. */
export class LockReader {
  readonly #file: string;

  constructor(file: string) {
    this.#file = file;
  }

  json(text: string): unknown {
    try {
      return JSON.parse(text);
    } catch (cause) {
      throw new PackageVmError('PVM_BAD_NANOS_LOCK', `\`${this.#file}\` is no JSON: ${errorMessageOf(cause)}`, {
        hint: 'Restore the file from version control, or settle the merge conflict in it.',
        cause,
      });
    }
  }

  /** An object with these keys and no others. */
  object(value: unknown, place: string, keys: readonly string[]): Readonly<Record<string, unknown>> {
    const object = this.#plainObject(value, place);
    const unknown = Object.keys(object).find((key) => !keys.includes(key));
    if (unknown !== undefined) throw this.fault(`a key of ${place === '' ? 'the file' : place}`, unknown, keys.map((key) => `\`${key}\``).join(' or '));
    return object;
  }

  entries(value: unknown, place: string, limit: number): [string, unknown][] {
    const entries = Object.entries(this.#plainObject(value, place));
    if (entries.length > limit) throw this.fault(`the number of keys of ${place}`, entries.length, `at most ${limit}`);
    return entries;
  }

  fault(place: string, found: unknown, expected: string): PackageVmError {
    const shown = found === undefined ? 'is missing' : `is ${JSON.stringify(found).slice(0, 100)}`;
    return new PackageVmError('PVM_BAD_NANOS_LOCK', `In \`${this.#file}\`, ${place} ${shown}, expected ${expected}`, {
      hint: 'The file is written by `package-vm nanos install` and `package-vm nanos lock`: restore it from version control.',
      data: { file: this.#file, place },
    });
  }

  #plainObject(value: unknown, place: string): Record<string, unknown> {
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
    throw this.fault(place === '' ? 'the content' : place, value, 'an object');
  }
}
