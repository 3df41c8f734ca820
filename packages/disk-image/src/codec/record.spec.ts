import fc from 'fast-check';
import { failureOf } from '../testing/failure-of.js';
import { hex } from '../testing/hex.js';
import { ByteReader } from './byte-reader.js';
import { array, bytes, choice, constant, s32, u16, u24, u32, u64, u8 } from './codec.js';
import { record } from './record.js';

const sample = record('Sample', {
  magic: constant(hex('c0de')),
  a: u8,
  b: u16,
  c: u24,
  d: u32,
  e: u64,
  f: s32,
  rest: bytes(2),
  pair: array(u16, 2),
  colour: choice(u8, [
    [1, 'red'],
    [2, 'green'],
  ]),
});

const VALUE = { a: 1, b: 0x0203, c: 0x040506, d: 0x0708090a, e: 0x0b0c0d0e0f101112n, f: -2, rest: hex('1314'), pair: [0x1516, 0x1718], colour: 'green' } as const;
const LITTLE = hex('c0de 01 0302 060504 0a090807 1211100f0e0d0c0b feffffff 1314 1615 1817 02');
const BIG = hex('c0de 01 0203 040506 0708090a 0b0c0d0e0f101112 fffffffe 1314 1516 1718 02');

describe('record', () => {
  it('writes little-endian, field by field', () => {
    expect(sample.encode(VALUE)).toEqual(LITTLE);
  });

  it('reads in the byte order that it is told', () => {
    expect(sample.decode(LITTLE)).toEqual(VALUE);
    expect(sample.decode(BIG, { byteOrder: 'big' })).toEqual(VALUE);
  });

  it('knows its size', () => {
    expect(sample.sizeBytes).toBe(LITTLE.length);
  });

  it('says where a fault is in the disk, not in the piece', () => {
    const options = { locate: (position: number) => 1000 + position };
    expect(() => sample.decode(hex('c0df').slice(), options)).toThrow('Sample needs 31 bytes, found 2 (at byte 1000)');
    expect(() => sample.decode(Uint8Array.from([...hex('c0df'), ...LITTLE.subarray(2)]), options)).toThrow(
      'Sample: magic is c0df, expected c0de (at byte 1000)',
    );
    expect(() => sample.decode(Uint8Array.from([...LITTLE.subarray(0, 30), 3]), options)).toThrow(
      'Sample: colour is 3, expected 1 or 2 (at byte 1030)',
    );
  });

  it('reports with the code that the bytes came with', () => {
    expect(failureOf(() => sample.decode(hex('00'), { code: 'PVM_BAD_ELF' })).code).toBe('PVM_BAD_ELF');
  });

  it('gives back any value', () => {
    const anyValue = fc.record({
      a: fc.integer({ min: 0, max: 0xff }),
      b: fc.integer({ min: 0, max: 0xffff }),
      c: fc.integer({ min: 0, max: 0xffffff }),
      d: fc.integer({ min: 0, max: 0xffffffff }),
      e: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
      f: fc.integer(),
      rest: fc.uint8Array({ minLength: 2, maxLength: 2 }),
      pair: fc.tuple(fc.integer({ min: 0, max: 0xffff }), fc.integer({ min: 0, max: 0xffff })),
      colour: fc.constantFrom('red', 'green'),
    });
    fc.assert(fc.property(anyValue, (value) => {
        expect(sample.decode(sample.encode(value))).toEqual(value);
      }));
  });
});

describe('ByteReader', () => {
  it('reads ASCII and other UTF-8 alike, and keeps a byte order mark', () => {
    const reader = new ByteReader(hex('6162 c3bc efbbbf63'));
    expect([reader.takeText(2, 'Text'), reader.takeText(2, 'Text'), reader.takeText(4, 'Text')]).toEqual(['ab', 'ü', '\ufeffc']);
  });

  it.each([
    { fault: 'half a character', bytes: '61 c3', message: 'Text is not UTF-8 (at byte 0)' },
    { fault: 'half a surrogate pair', bytes: 'eda080', message: 'Text is not UTF-8 (at byte 0)' },
  ])('refuses text with $fault', ({ bytes, message }) => {
    expect(() => new ByteReader(hex(bytes)).takeText(hex(bytes).length, 'Text')).toThrow(message);
  });

  it('refuses text that is longer than the bytes', () => {
    expect(() => new ByteReader(hex('61')).takeText(2, 'Text')).toThrow('Text needs 2 bytes, found 1 (at byte 0)');
  });
});
