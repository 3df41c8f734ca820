import fc from 'fast-check';
import { ByteReader } from '../codec/byte-reader.js';
import { regionOf } from '../region.js';
import { BytesSource } from '../testing/bytes-source.js';
import { GOLDEN_CASES, goldenBytes } from '../testing/golden.js';
import { hex } from '../testing/hex.js';
import { type Tuple, type Value } from '../tree.js';
import { encodeTuple } from './encode-tuple.js';
import { readLog } from './read-log.js';
import { TupleDecoder } from './tuple-decoder.js';

/** Decodes tuples as records of one log would hold them. */
function decode(...records: (string | Uint8Array)[]): Tuple | undefined {
  const decoder = new TupleDecoder();
  for (const bytes of records) decoder.decode(new ByteReader(typeof bytes === 'string' ? hex(bytes) : bytes));
  return decoder.root;
}

function tuple(members: Readonly<Record<string, Value>>): Tuple {
  return new Map(Object.entries(members));
}

describe('encodeTuple', () => {
  it.each(GOLDEN_CASES.filter((name) => name !== 'after-a-boot'))('gives back the bytes of the tuple that ops wrote: %s', (name) => {
    const bytes = goldenBytes(name);
    const { root } = readLog(regionOf(new BytesSource(bytes), { offset: 0, sizeBytes: bytes.length }));
    const encoded = encodeTuple(root);
    // the record's head is in front of it: kind, total, length of this part
    const partBytes = Math.min(encoded.length, 512 * 1024 - 9 - 42);
    const start = Buffer.from(bytes).indexOf(encoded.subarray(0, partBytes), 512);
    expect(start).toBeGreaterThan(512);
    expect(start).toBeLessThan(512 + 20);
  });

  // by `encode_value` of nanos `src/runtime/tuple.c`
  it.each([
    { reason: 'an empty tuple', value: tuple({}), bytes: '90' },
    { reason: 'a string', value: tuple({ a: 'bc' }), bytes: '91 8161 c26263' },
    { reason: 'an empty string, which is no removal', value: tuple({ a: '' }), bytes: '91 8161 c0' },
    { reason: 'a name of eight bytes: its length is extended', value: tuple({ children: tuple({}) }), bytes: '91 8808 6368696c6472656e 90' },
    { reason: 'integers', value: tuple({ a: 300n, b: -1n }), bytes: '92 8161 b0822c 8162 b101' },
    { reason: 'a vector', value: tuple({ a: ['x', tuple({})] }), bytes: '91 8161 a2 c178 90' },
    { reason: 'a name twice: the second time by its index, root 1, a 2, inner tuple 3', value: tuple({ a: tuple({ a: 'x' }) }), bytes: '91 8161 91 02 c178' },
    { reason: 'an index that vectors count in, too', value: tuple({ a: [], b: tuple({ b: 'x' }) }), bytes: '92 8161 a0 8162 91 04 c178' },
  ])('writes and reads $reason', ({ value, bytes }) => {
    expect(encodeTuple(value)).toEqual(hex(bytes));
    expect(decode(bytes)).toEqual(value);
  });

  it('gives back any tuple', () => {
    const { value } = fc.letrec<{ value: Value; tuple: Tuple }>((tie) => ({
      value: fc.oneof(
        { depthSize: 'small' },
        fc.string({ unit: 'grapheme' }),
        fc.bigInt({ min: -(2n ** 63n), max: 2n ** 64n - 1n }),
        fc.array(tie('value'), { maxLength: 5 }),
        tie('tuple'),
      ),
      tuple: fc.array(fc.tuple(fc.string({ unit: 'grapheme', minLength: 1 }), tie('value')), { maxLength: 5 }).map((members) => new Map(members)),
    }));
    fc.assert(
      fc.property(value, (inner) => {
        const outer = tuple({ inner });
        expect(decode(encodeTuple(outer))).toEqual(outer);
      }),
    );
  });
});

describe('TupleDecoder', () => {
  it.each([
    { reason: 'a later tuple that adds to an earlier one', records: ['91 8161 90', '11 03 8162 c178'], root: tuple({ a: tuple({ b: 'x' }) }) },
    { reason: 'the last value of an attribute', records: ['91 8161 c178', '11 01 02 c179'], root: tuple({ a: 'y' }) },
    { reason: 'a removal', records: ['92 8161 c178 8162 c179', '11 01 02 80'], root: tuple({ b: 'y' }) },
    { reason: 'a removal of what was never there', records: ['90', '11 01 8161 80'], root: tuple({}) },
    { reason: 'a tuple that is moved', records: ['92 8161 91 8162 90 8163 90', '12 01 8164 10 05 02 80'], root: tuple({ c: tuple({}), d: tuple({}) }) },
    { reason: 'a vector whose first element changes', records: ['91 8161 a2 c178 c179', '11 01 02 21 03 c17a'], root: tuple({ a: ['z', 'y'] }) },
    { reason: 'the null of the kernel', records: ['91 8161 8100'], root: tuple({ a: '\0' }) },
    { reason: 'untyped bytes that are text', records: ['91 8161 8278 79'], root: tuple({ a: 'xy' }) },
    { reason: 'a symbol as a value', records: ['91 8161 02'], root: tuple({ a: 'a' }) },
    { reason: 'an element of a vector that was removed', records: ['91 8161 a2 80 c178'], root: tuple({ a: ['', 'x'] }) },
    { reason: 'an attribute without a name, which old versions of ops wrote, as nothing', records: ['92 80 c178 8161 c179'], root: tuple({ a: 'y' }) },
    { reason: 'a second tuple that belongs nowhere', records: ['90', '91 8161 c178'], root: tuple({}) },
  ])('reads $reason', ({ records, root }) => {
    expect(decode(...records)).toEqual(root);
  });

  it.each([
    { fault: 'nothing', bytes: '', message: 'Value needs 1 byte, found 0 (at byte 0)' },
    { fault: 'another value than a tuple', bytes: 'c178', message: 'Record holds a value that is no tuple (at byte 0)' },
    { fault: 'bytes after the tuple', bytes: '90 00', message: 'Tuple is followed by 1 bytes of its record (at byte 1)' },
    { fault: 'more attributes than there are', bytes: '92 8161 c178', message: 'Attribute name needs 1 byte, found 0 (at byte 5)' },
    { fault: 'a name cut short', bytes: '91 8361', message: 'Attribute name needs 3 bytes, found 1 (at byte 2)' },
    { fault: 'a name that is a string', bytes: '91 c161 c178', message: 'Attribute name has type 4, expected 0 (at byte 1)' },
    { fault: 'a name that is not UTF-8', bytes: '91 82c328 c178', message: 'Attribute name is not UTF-8 (at byte 2)' },
    { fault: 'a string that is not UTF-8', bytes: '91 8161 c1ff', message: 'String is not UTF-8 (at byte 4)' },
    { fault: 'a string longer than the record', bytes: '91 8161 c861', message: 'String needs 97 bytes, found 0 (at byte 5)' },
    { fault: 'a string by reference', bytes: '91 8161 42', message: 'String is a reference, but strings are in no dictionary (at byte 3)' },
    { fault: 'an integer by reference', bytes: '91 8161 30', message: 'Integer is neither positive nor negative (at byte 3)' },
    { fault: 'an integer of odd sign', bytes: '91 8161 b201', message: 'Integer is neither positive nor negative (at byte 3)' },
    { fault: 'an integer beyond 64 bits', bytes: '91 8161 b0 82808080808080808000', message: 'Integer does not fit in 64 bits (at byte 4)' },
    { fault: 'a type that does not exist', bytes: '91 8161 d0', message: 'Value has type 5, expected 0 to 4 (at byte 3)' },
    { fault: 'a name that the dictionary has not', bytes: '91 05 c178', message: 'Dictionary has no symbol 5 (at byte 1)' },
    { fault: 'a name that is a tuple', bytes: '91 01 c178', message: 'Dictionary has no symbol 1 (at byte 1)' },
    { fault: 'a name with index 0', bytes: '91 00 c178', message: 'Dictionary has no symbol 0 (at byte 1)' },
    { fault: 'a tuple that the dictionary has not', bytes: '91 8161 10 09', message: 'Dictionary has no index 9 (at byte 3)' },
    { fault: 'a tuple that is a symbol', bytes: '91 8161 10 02', message: 'Tuple refers to something else (at byte 3)' },
    { fault: 'a vector that is a tuple', bytes: '91 8161 20 01', message: 'Vector refers to something else (at byte 3)' },
    { fault: 'a vector with more elements than bytes', bytes: '91 8161 afffffff7f', message: 'Value needs 1 byte, found 0 (at byte 8)' },
    { fault: 'values nested without end', bytes: `91 8161 ${'a1'.repeat(2000)}`, message: 'Values are nested more than 520 deep (at byte 523)' },
  ])('refuses $fault', ({ bytes, message }) => {
    expect(() => decode(bytes)).toThrow(message);
  });

  it('refuses more values than memory could take', () => {
    const million = encodeTuple(tuple({ a: Array.from({ length: 1_000_000 }, () => '') }));
    expect(() => decode(million, million, million, million, million)).toThrow('Log has more than 4194304 values');
  });
});
