import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isPackageVmError } from '@package-vm/errors';
import { BytesSource } from '../testing/bytes-source.js';
import { corrupt } from '../testing/corrupt.js';
import { failureOf } from '../testing/failure-of.js';
import { makeElf } from '../testing/make-elf.js';
import { Random } from '../testing/random.js';
import { readElfSections } from './index.js';

const PROGRAM = new Uint8Array(readFileSync(join(import.meta.dirname, '../testing/elf/program')));

function patched(at: number, ...bytes: readonly number[]): Uint8Array {
  const elf = PROGRAM.slice();
  elf.set(bytes, at);
  return elf;
}

describe('readElfSections', () => {
  it('reads those of a program of GNU ld', () => {
    const sections = readElfSections(new BytesSource(PROGRAM));
    expect(sections.map(({ name }) => name)).toEqual(expect.arrayContaining(['.interp', '.dynsym', '.dynstr', '.text', '.dynamic', '.shstrtab']));
    const interpreter = sections.find(({ name }) => name === '.interp');
    const { offset = 0, sizeBytes = 0 } = interpreter ?? {};
    expect(Buffer.from(PROGRAM.subarray(offset, offset + sizeBytes)).toString()).toBe('/lib64/ld-linux-x86-64.so.2\0');
  });

  it('finds none in a file without them', () => {
    expect(readElfSections(new BytesSource(makeElf({ class: 32, byteOrder: 'big', machine: 20 })))).toEqual([]);
  });

  it.each([
    { fault: 'headers of another size', bytes: patched(58, 32), message: 'Section header has 32 bytes, expected 64' },
    { fault: 'headers outside the file', bytes: patched(40, 0xff, 0xff, 0xff, 0xff), message: 'Section header table of' },
    { fault: 'names in a section that is not there', bytes: patched(62, 0xff, 0xff), message: 'Section names are in section 65535 of' },
  ])('refuses $fault', ({ bytes, message }) => {
    const failure = failureOf(() => readElfSections(new BytesSource(bytes)));
    expect(failure).toMatchObject({ code: 'PVM_BAD_ELF', message: expect.stringContaining(message) as unknown });
  });

  it('reads or refuses what is damaged at random', () => {
    for (let seed = 0; seed < 700; seed++) {
      const table = PROGRAM.length - 64 * 20;
      const source = new BytesSource(corrupt(PROGRAM, { random: new Random(seed), targets: [{ start: 0, end: 64 }, { start: table, end: PROGRAM.length }] }));
      try {
        readElfSections(source);
      } catch (error) {
        if (!isPackageVmError(error)) throw error;
        expect(error.code).toBe('PVM_BAD_ELF');
      }
    }
  });
});
