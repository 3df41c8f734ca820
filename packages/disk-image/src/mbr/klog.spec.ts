import fc from 'fast-check';
import { hex } from '../testing/hex.js';
import { decodeKlog, klogDump } from './klog.js';

/** As `klog_save` of nanos `src/kernel/log.c` lays it out in memory. */
function dump(start: string): Uint8Array {
  const bytes = new Uint8Array(4096);
  bytes.set(hex(start));
  return bytes;
}

// boot id 0x0102030405060708, exit code -2, "en1: up\n"
const DUMP = dump('4b4c4f47 0807060504030201 feffffff 656e313a2075700a 00');

describe('decodeKlog', () => {
  it('reads what a kernel leaves', () => {
    expect(decodeKlog(DUMP)).toEqual({ bootId: 0x0102030405060708n, exitCode: -2, messages: 'en1: up\n' });
  });

  it('has nothing to say of a fresh image, or of one whose dump was cleared', () => {
    expect(decodeKlog(new Uint8Array(4096))).toBeUndefined();
    expect(decodeKlog(dump('00000000 0807060504030201'))).toBeUndefined();
  });

  it('takes messages without an end whole', () => {
    expect(decodeKlog(dump('4b4c4f47').fill(0x61, 16))?.messages).toHaveLength(4080);
  });

  it('refuses a dump cut short', () => {
    expect(() => decodeKlog(DUMP.subarray(0, 100))).toThrow('Kernel log dump needs 4096 bytes, found 100 (at byte 0)');
  });
});

describe('klogDump', () => {
  it('gives the bytes back', () => {
    expect(klogDump.encode(klogDump.decode(DUMP))).toEqual(DUMP);
  });

  it('gives back any dump', () => {
    const anyDump = fc.record({
      bootId: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
      exitCode: fc.integer(),
      messages: fc.uint8Array({ minLength: 4080, maxLength: 4080 }),
    });
    fc.assert(
      fc.property(anyDump, (value) => {
        expect(klogDump.decode(klogDump.encode(value))).toEqual(value);
      }),
      { numRuns: 20 },
    );
  });

  it('refuses to write an exit code that does not fit', () => {
    expect(() => klogDump.encode({ bootId: 0n, exitCode: 2 ** 31, messages: new Uint8Array(4080) })).toThrow(RangeError);
  });
});
