import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isPackageVmError } from '@package-vm/errors';
import { BytesSource } from '../testing/bytes-source.js';
import { corrupt } from '../testing/corrupt.js';
import { failureOf } from '../testing/failure-of.js';
import { goldenProgram } from '../testing/golden.js';
import { makeElf } from '../testing/make-elf.js';
import { Random } from '../testing/random.js';
import { type ElfFile, isElf, readElf } from './index.js';

function fixture(name: string): Uint8Array {
  return new Uint8Array(readFileSync(join(import.meta.dirname, '../testing/elf', name)));
}

function read(bytes: Uint8Array): ElfFile {
  return readElf(new BytesSource(bytes));
}

const STATIC = { machine: 'x86_64', class: 64, byteOrder: 'little', osAbi: 0, interpreter: undefined, needed: [], soname: undefined, rpath: [], runpath: [] };

describe('readElf', () => {
  it.each(['hello', 'writer'] as const)('reads a static program of GNU ld: %s', (name) => {
    expect(read(goldenProgram(name))).toEqual({ ...STATIC, type: 'EXEC', isStatic: true });
  });

  it('reads a dynamic program of GNU ld', () => {
    expect(read(fixture('program'))).toEqual({
      ...STATIC,
      type: 'DYN',
      interpreter: '/lib64/ld-linux-x86-64.so.2',
      needed: ['libneeded.so.3'],
      runpath: ['$ORIGIN/../lib', '/opt/lib'],
      isStatic: false,
    });
  });

  it('reads a library of GNU ld', () => {
    expect(read(fixture('libneeded.so'))).toEqual({ ...STATIC, type: 'DYN', soname: 'libneeded.so.3', rpath: ['/old/lib'], isStatic: true });
  });

  it.each([
    { reason: '64 bits, little-endian', class: 64, byteOrder: 'little', machine: 183, name: 'aarch64' },
    { reason: '64 bits, big-endian', class: 64, byteOrder: 'big', machine: 22, name: 's390x' },
    { reason: '32 bits, little-endian', class: 32, byteOrder: 'little', machine: 3, name: 'i686' },
    { reason: '32 bits, big-endian', class: 32, byteOrder: 'big', machine: 20, name: 'powerpc' },
    { reason: 'a machine that we have no name for', class: 64, byteOrder: 'little', machine: 4711, name: 'machine-4711' },
  ] as const)('reads $reason', ({ class: bits, byteOrder, machine, name }) => {
    const strings = '\0liba.so\0libb.so\0/one:/two\0';
    const dynamic = [[1, 1], [1, 9], [29, 17]] as const;
    expect(read(makeElf({ class: bits, byteOrder, machine, interpreter: '/ld.so', dynamic, strings }))).toEqual({
      ...STATIC,
      machine: name,
      class: bits,
      byteOrder,
      type: 'DYN',
      interpreter: '/ld.so',
      needed: ['liba.so', 'libb.so'],
      runpath: ['/one', '/two'],
      isStatic: false,
    });
  });

  it('reads little of a large file, wherever its parts are', () => {
    const large = new Uint8Array(100 * 1024 * 1024);
    large.set(makeElf({ class: 64, byteOrder: 'little', machine: 62, interpreter: '/ld.so', dynamic: [[1, 1]], strings: `\0${'x'.repeat(1000)}\0` }));
    const source = new BytesSource(large);
    expect(readElf(source).needed[0]).toHaveLength(1000);
    expect(source.readBytes).toBeLessThan(8192);
  });
});

describe('a file that is no good', () => {
  const good = { class: 64, byteOrder: 'little', machine: 62, interpreter: '/ld.so', dynamic: [[1, 1]], strings: '\0liba.so\0' } as const;

  /** A good file in which some bytes are others. */
  function patched(at: number, ...bytes: readonly number[]): Uint8Array {
    const elf = makeElf(good);
    elf.set(bytes, at);
    return elf;
  }

  it.each([
    { fault: 'nothing', bytes: new Uint8Array(0), message: "ELF identification of 16 bytes ends after the file's 0 (at byte 0)" },
    { fault: 'a script', bytes: new TextEncoder().encode('#!/bin/sh\necho hello\n'), message: 'ELF identification: magic is 23212f62, expected 7f454c46 (at byte 0)' },
    { fault: 'another class', bytes: patched(4, 3), message: 'ELF identification: class is 3, expected 1 or 2 (at byte 4)' },
    { fault: 'another byte order', bytes: patched(5, 0), message: 'ELF identification: byteOrder is 0, expected 1 or 2 (at byte 5)' },
    { fault: 'another version', bytes: patched(6, 2), message: 'ELF identification: version is 02, expected 01 (at byte 6)' },
    { fault: 'a header cut short', bytes: makeElf(good).subarray(0, 63), message: "ELF header of 48 bytes ends after the file's 63 (at byte 16)" },
    { fault: 'program headers cut short', bytes: makeElf(good).subarray(0, 231), message: "Program header table of 168 bytes ends after the file's 231 (at byte 64)" },
    { fault: 'program headers of another size', bytes: patched(54, 32), message: 'Program header has 32 bytes, expected 56 (at byte 64)' },
    { fault: 'too many program headers', bytes: patched(56, 0xff, 0xff), message: 'File has 65535 program headers, expected at most 4096 (at byte 64)' },
    { fault: 'program headers outside the file', bytes: patched(32, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff), message: 'Program header table of 168 bytes ends after' },
    { fault: 'an interpreter without end', bytes: patched(64 + 56 + 32, 6), message: 'Interpreter has no end within 6 bytes (at byte 232)' },
    { fault: 'an interpreter that is not UTF-8', bytes: patched(232, 0xff), message: 'Interpreter is not UTF-8 (at byte 232)' },
    { fault: 'a dynamic section outside the file', bytes: patched(64 + 112 + 8 + 2, 1), message: "Dynamic section of 64 bytes ends after the file's" },
    { fault: 'a dynamic section that is huge', bytes: patched(64 + 112 + 32 + 3, 1), message: 'Dynamic section has 16777280 bytes, expected at most 65536' },
    { fault: 'a name outside the string table', bytes: makeElf({ ...good, dynamic: [[1, 9]] }), message: 'String 9 is outside the string table of 9 bytes' },
    { fault: 'a name without end', bytes: makeElf({ ...good, strings: '\0liba.so' }), message: 'Name of a needed library has no end within 7 bytes' },
    { fault: 'a string table at no segment', bytes: patched(64 + 16, 0, 0, 0, 1), message: 'String table at address 65775 is in no segment' },
    { fault: 'a dynamic section without string table', bytes: patched(64 + 112 + 32, 16), message: 'Dynamic section has no string table' },
    { fault: 'a name longer than any path', bytes: makeElf({ ...good, strings: `\0${'x'.repeat(70_000)}\0` }), message: 'Name of a needed library is longer than 16384 bytes' },
  ])('is refused: $fault', ({ bytes, message }) => {
    const failure = failureOf(() => read(bytes));
    expect(failure.code).toBe('PVM_BAD_ELF');
    expect(failure.message).toContain(message);
    expect(failure.message).toMatch(/\(at byte \d+\)$/);
  });

  it.each([
    { name: 'program', bytes: fixture('program') },
    { name: 'libneeded.so', bytes: fixture('libneeded.so') },
    { name: 'a big-endian one', bytes: makeElf({ ...good, byteOrder: 'big' }) },
  ])('is read or refused when it is damaged at random: $name', ({ bytes }) => {
    for (let seed = 0; seed < 700; seed++) {
      const source = new BytesSource(corrupt(bytes, { random: new Random(seed), targets: [{ start: 0, end: 64 }, { start: 64, end: bytes.length }] }));
      try {
        readElf(source);
      } catch (error) {
        if (!isPackageVmError(error)) throw error;
        expect(error.code).toBe('PVM_BAD_ELF');
      }
      expect(source.largestReadBytes).toBeLessThanOrEqual(source.sizeBytes);
    }
  });
});

describe('isElf', () => {
  it('looks at the magic number alone', () => {
    expect(isElf(goldenProgram('hello'))).toBe(true);
    expect(isElf(Uint8Array.of(0x7f, 0x45, 0x4c))).toBe(false);
    expect(isElf(new TextEncoder().encode('#!/bin/sh'))).toBe(false);
  });
});
