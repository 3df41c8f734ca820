import fc from 'fast-check';
import { goldenProgram } from '../testing/golden.js';
import { identification, RECORDS } from './records.js';

const u8 = fc.integer({ min: 0, max: 0xff });
const u16 = fc.integer({ min: 0, max: 0xffff });
const u32 = fc.integer({ min: 0, max: 0xffffffff });

/** `hello` of the golden cases, by GNU as and ld 2.40. */
const HELLO = goldenProgram('hello');

describe('identification', () => {
  it('gives back what GNU ld wrote', () => {
    expect(identification.encode(identification.decode(HELLO))).toEqual(HELLO.subarray(0, 16));
  });
});

describe.each([32, 64] as const)('the records of %d bits', (bits) => {
  const word = fc.bigInt({ min: 0n, max: 2n ** BigInt(bits) - 1n });
  const { fileHeader, programHeader, sectionHeader, dynamicEntry } = RECORDS[bits];

  it('have the sizes of the gABI', () => {
    expect([16 + fileHeader.sizeBytes, programHeader.sizeBytes, sectionHeader.sizeBytes, dynamicEntry.sizeBytes]).toEqual(bits === 64 ? [64, 56, 64, 16] : [52, 32, 40, 8]);
  });

  it('give back any value', () => {
    const anyHeader = fc.record({
      type: u16,
      machine: u16,
      version: u32,
      entry: word,
      programHeaderOffset: word,
      sectionHeaderOffset: word,
      flags: u32,
      headerBytes: u16,
      programHeaderBytes: u16,
      programHeaderCount: u16,
      sectionHeaderBytes: u16,
      sectionHeaderCount: u16,
      sectionNamesIndex: u16,
    });
    const anySegment = fc.record({ type: u32, flags: u32, offset: word, virtualAddress: word, physicalAddress: word, fileBytes: word, memoryBytes: word, alignment: word });
    const anySection = fc.record({ name: u32, type: u32, flags: word, address: word, offset: word, sizeBytes: word, link: u32, info: u32, alignment: word, entryBytes: word });
    fc.assert(
      fc.property(anyHeader, anySegment, anySection, fc.record({ tag: word, value: word }), (header, segment, section, entry) => {
        expect(fileHeader.decode(fileHeader.encode(header))).toEqual(header);
        expect(programHeader.decode(programHeader.encode(segment))).toEqual(segment);
        expect(sectionHeader.decode(sectionHeader.encode(section))).toEqual(section);
        expect(dynamicEntry.decode(dynamicEntry.encode(entry))).toEqual(entry);
      }),
    );
  });
});

it('gives back the headers that GNU ld wrote', () => {
  const { fileHeader, programHeader } = RECORDS[64];
  expect(fileHeader.encode(fileHeader.decode(HELLO.subarray(16)))).toEqual(HELLO.subarray(16, 64));
  expect(programHeader.encode(programHeader.decode(HELLO.subarray(64)))).toEqual(HELLO.subarray(64, 120));
});

it('gives back any identification', () => {
  const anyIdentification = fc.record({
    class: fc.constantFrom(32, 64),
    byteOrder: fc.constantFrom('little', 'big'),
    osAbi: u8,
    abiVersion: u8,
    padding: fc.uint8Array({ minLength: 7, maxLength: 7 }),
  });
  fc.assert(
    fc.property(anyIdentification, (value) => {
      expect(identification.decode(identification.encode(value))).toEqual(value);
    }),
  );
});
