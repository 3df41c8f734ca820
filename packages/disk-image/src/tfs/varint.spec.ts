import fc from 'fast-check';
import { ByteReader } from '../codec/byte-reader.js';
import { ByteWriter } from '../codec/byte-writer.js';
import { type Codec } from '../codec/codec.js';
import { hex } from '../testing/hex.js';
import { varint, varint64 } from './varint.js';

function encode<T>(codec: Codec<T>, value: T): Uint8Array {
  const writer = new ByteWriter();
  codec.write(writer, value, 'Number');
  return writer.toBytes();
}

function decode<T>(codec: Codec<T>, bytes: Uint8Array): T {
  return codec.read(new ByteReader(bytes), 'Number');
}

// 1024 and 1025 as ops wrote them in a link record; the others by the rule
const KNOWN = [
  { value: 0, bytes: '00' },
  { value: 127, bytes: '7f' },
  { value: 128, bytes: '8100' },
  { value: 300, bytes: '822c' },
  { value: 1024, bytes: '8800' },
  { value: 1025, bytes: '8801' },
  { value: 16383, bytes: 'ff7f' },
  { value: 16384, bytes: '818000' },
  { value: 2 ** 53 - 1, bytes: '8fffffffffffff7f' },
];

describe('varint', () => {
  it.each(KNOWN)('writes $value as $bytes, and reads it', ({ value, bytes }) => {
    expect(encode(varint, value)).toEqual(hex(bytes));
    expect(decode(varint, hex(bytes))).toBe(value);
    expect(encode(varint64, BigInt(value))).toEqual(hex(bytes));
    expect(decode(varint64, hex(bytes))).toBe(BigInt(value));
  });

  it('reads a number with needless groups, as the kernel does', () => {
    expect(decode(varint, hex('8080822c'))).toBe(300);
  });

  it.each([
    { fault: 'nothing', bytes: '', message: 'Number needs 1 byte, found 0 (at byte 0)' },
    { fault: 'a number without its last group', bytes: '8282', message: 'Number needs 1 byte, found 0 (at byte 2)' },
    { fault: 'a number one too large', bytes: '9080808080808000', message: 'Number is larger than 2^53 - 1 (at byte 0)' },
    { fault: 'groups without end', bytes: 'ff'.repeat(1000), message: 'Number is larger than 2^53 - 1 (at byte 0)' },
  ])('refuses $fault', ({ bytes, message }) => {
    expect(() => decode(varint, hex(bytes))).toThrow(message);
  });

  it('gives back any number', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), (value) => {
        expect(decode(varint, encode(varint, value))).toBe(value);
      }),
    );
  });

  it.each([-1, 0.5, 2 ** 53, NaN])('refuses to write %d', (value) => {
    expect(() => encode(varint, value)).toThrow(RangeError);
  });
});

describe('varint64', () => {
  it('reads and writes the largest number', () => {
    const bytes = hex('81ffffffffffffffff7f');
    expect(decode(varint64, bytes)).toBe(2n ** 64n - 1n);
    expect(encode(varint64, 2n ** 64n - 1n)).toEqual(bytes);
  });

  it.each([
    { fault: 'one more', bytes: '82808080808080808000' },
    { fault: 'groups without end', bytes: 'ff'.repeat(1000) },
  ])('refuses $fault', ({ bytes }) => {
    expect(() => decode(varint64, hex(bytes))).toThrow('Number does not fit in 64 bits (at byte 0)');
  });

  it('gives back any number', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), (value) => {
        expect(decode(varint64, encode(varint64, value))).toBe(value);
      }),
    );
  });

  it.each([-1n, 2n ** 64n])('refuses to write %d', (value) => {
    expect(() => encode(varint64, value)).toThrow(RangeError);
  });
});
