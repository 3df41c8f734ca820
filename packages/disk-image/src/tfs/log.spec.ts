import fc from 'fast-check';
import { hex } from '../testing/hex.js';
import { BytesSource } from '../testing/bytes-source.js';
import { GOLDEN_CASES, goldenBytes } from '../testing/golden.js';
import { regionOf } from '../region.js';
import { type Tuple } from '../tree.js';
import { encodeTuple } from './encode-tuple.js';
import { continuationRecord, extensionHeader, identity, linkRecord, tupleRecord } from './log-records.js';
import { readLog } from './read-log.js';
import { overflowSectors, writeLog } from './write-log.js';

const SECTOR = 512;
const UUID = hex('000102030405060708090a0b0c0d0e0f');

function read(bytes: Uint8Array, offset = 0): ReturnType<typeof readLog> {
  return readLog(regionOf(new BytesSource(bytes), { offset, sizeBytes: bytes.length - offset }));
}

/** Pieces of a log at their sectors. */
function disk(...pieces: readonly (readonly [sector: number, bytes: Uint8Array])[]): Uint8Array {
  const bytes = new Uint8Array(Math.max(...pieces.map(([sector, piece]) => (sector + 1024) * SECTOR + piece.length)));
  for (const [sector, piece] of pieces) bytes.set(piece, sector * SECTOR);
  return bytes;
}

// 'NVMTFS', version 5, 1 sector, uuid, label 'vol', link to 1024 sectors at sector 1
const FIRST = '4e564d544653 05 01 000102030405060708090a0b0c0d0e0f 766f6c00';
const LINK = '05 01 8800';
const NEXT = '4e564d544653 05 8800';

describe('writeLog', () => {
  it.each(GOLDEN_CASES.filter((name) => name !== 'after-a-boot'))('gives back every byte of a log that ops wrote: %s', (name) => {
    const bytes = goldenBytes(name);
    const { uuid, label, root, extensionCount } = read(bytes);
    const overflow = bytes.length / SECTOR - (extensionCount - 2) * 1024;
    for (const { sector, sectorCount, bytes: written } of writeLog({ uuid, label, tuple: encodeTuple(root), overflowSector: overflow })) {
      const expected = Buffer.from(bytes.buffer, bytes.byteOffset + sector * SECTOR, sectorCount * SECTOR);
      const padded = Buffer.concat([written, new Uint8Array(expected.length - written.length)]);
      expect(padded.equals(expected)).toBe(true);
    }
  });

  it('uses one more extension for one more byte', () => {
    const partMax = 1024 * SECTOR - 9 - 42;
    expect([1, partMax, partMax + 1, 2 * partMax, 2 * partMax + 1].map(overflowSectors)).toEqual([0, 0, 1024, 1024, 2048]);
  });

  it('gives back a tuple of many extensions, whatever the place of the cuts', () => {
    for (const size of [524_200, 524_230, 524_240, 1_500_000]) {
      const root: Tuple = new Map([['a', 'x'.repeat(size)]]);
      const pieces = writeLog({ uuid: UUID, label: 'vol', tuple: encodeTuple(root), overflowSector: 2000 });
      const log = read(disk(...pieces.map(({ sector, bytes }) => [sector, bytes] as const)));
      expect(log).toMatchObject({ uuid: UUID, label: 'vol', extensionCount: pieces.length });
      expect(log.root).toEqual(root);
    }
  });

  it('leaves a byte behind the last record of each extension', () => {
    const tuple = encodeTuple(new Map([['a', 'x'.repeat(524_200)]]));
    for (const { bytes, sectorCount } of writeLog({ uuid: UUID, label: '', tuple, overflowSector: 2000 })) {
      expect(bytes.length).toBeLessThan(sectorCount * SECTOR);
    }
  });

  it('refuses to write a label that does not fit', () => {
    expect(() => writeLog({ uuid: UUID, label: 'x'.repeat(32), tuple: hex('90'), overflowSector: 2000 })).toThrow(RangeError);
  });
});

describe('the records of the log', () => {
  it('give back any value', () => {
    const number = fc.maxSafeNat();
    const part = fc.uint8Array({ maxLength: 300 });
    const label = fc.stringMatching(/^[\p{L} ]{0,7}$/u);
    fc.assert(
      fc.property(number, number, part, label, (first, second, bytes, text) => {
        expect(extensionHeader.decode(extensionHeader.encode({ version: first, sectorCount: second }))).toEqual({ version: first, sectorCount: second });
        expect(identity.decode(identity.encode({ uuid: UUID, label: text }))).toEqual({ uuid: UUID, label: text });
        expect(linkRecord.decode(linkRecord.encode({ sector: first, sectorCount: second }))).toEqual({ sector: first, sectorCount: second });
        expect(tupleRecord.decode(tupleRecord.encode({ totalBytes: first, part: bytes }))).toEqual({ totalBytes: first, part: bytes });
        expect(continuationRecord.decode(continuationRecord.encode({ part: bytes }))).toEqual({ part: bytes });
      }),
    );
  });
});

describe('readLog', () => {
  it.each([
    { reason: 'a tuple in one record', records: '02 05 05 918161c178 01' },
    { reason: 'a tuple in two records', records: '02 05 02 9181 03 03 61c178 01' },
    { reason: 'a tuple of which nothing is in the first record', records: '02 05 00 03 05 918161c178 01' },
    { reason: 'ends of segments', records: '04 02 05 05 918161c178 04 04 01' },
    { reason: 'a later update', records: '02 05 05 918161c179 02 05 05 110102c178 01' },
    { reason: 'a link in the middle, after which nothing counts', records: '02 05 02 9181 05 9000 8800 06', more: '4e564d544653 05 8800 03 03 61c178 01' },
  ])('reads $reason', ({ records, more }) => {
    const bytes = disk([0, hex(`${FIRST} ${LINK}`)], [1, hex(`${NEXT} ${records}`)], [2048, hex(more ?? '')]);
    expect(read(bytes)).toMatchObject({ uuid: UUID, label: 'vol', root: new Map([['a', 'x']]) });
  });

  it.each([
    { fault: 'another magic number', first: '4e564d544654', message: 'Log extension: magic is 4e564d544654, expected 4e564d544653 (at byte 4096)' },
    { fault: 'version 4', first: '4e564d544653 04 01', message: 'TFS version is 4, expected 5 (at byte 4102)' },
    { fault: 'another size of extension 0', first: '4e564d544653 05 02', message: 'Log extension says 2 sectors, its link 1 (at byte 4104)' },
    { fault: 'a label without end', first: `${FIRST.slice(0, -8)} ${'61'.repeat(32)}`, message: 'File system identity: label has no end within 32 bytes (at byte 4120)' },
    { fault: 'a log without tuple', first: `${FIRST} 01`, message: 'Log has no root tuple (at byte 4125)' },
    { fault: 'a kind of record that does not exist', first: `${FIRST} 06`, message: 'Record of the log has kind 6, expected 1 to 5 (at byte 4124)' },
    { fault: 'nothing but the end of segments', first: `${FIRST} ${'04'.repeat(484)}`, message: 'Record of the log needs 1 byte, found 0 (at byte 4608)' },
    { fault: 'a link to no sectors', first: `${FIRST} 05 01 00`, message: 'Log extension has no sectors (at byte 4127)' },
    { fault: 'a link back to itself', first: `${FIRST} 05 00 01`, message: 'Log comes back to its extension at sector 0 (at byte 4127)' },
    { fault: 'a link that leads out of the disk', first: `${FIRST} 05 02 8800`, message: 'Log extension at sector 2 with 1024 sectors ends after the file system\'s 524800 bytes (at byte 4128)' },
    { fault: 'a link that leads very far', first: `${FIRST} 05 8fffffffffffff7f 8800`, message: 'ends after the file system\'s 524800 bytes' },
    { fault: 'a part larger than its tuple', first: `${FIRST} 02 01 02 9000`, message: 'Record has 2 bytes of a tuple of which 1 are missing (at byte 4127)' },
    { fault: 'a part larger than the extension', first: `${FIRST} 02 8f00 8f00 90`, message: 'Tuple record: part needs 1920 bytes, found 479 (at byte 4129)' },
    { fault: 'a tuple in a tuple', first: `${FIRST} 02 02 01 91 02`, message: 'Tuple begins inside another tuple (at byte 4128)' },
    { fault: 'a continuation of nothing', first: `${FIRST} 03 01 90`, message: 'Tuple is continued that has not begun (at byte 4124)' },
    { fault: 'an end inside a tuple', first: `${FIRST} 02 02 01 91 01`, message: 'Log ends inside a tuple of which 1 bytes are missing (at byte 4128)' },
    { fault: 'an empty tuple record', first: `${FIRST} 02 00 00`, message: 'Value needs 1 byte, found 0 (at byte 4127)' },
    { fault: 'a fault in the second part of a tuple', first: `${FIRST} 02 04 02 9181 03 02 61ff`, message: 'Value needs 1 byte, found 0 (at byte 4133)' },
  ])('refuses $fault', ({ first, message }) => {
    const bytes = new Uint8Array(4096 + 1025 * SECTOR);
    bytes.set(hex(first), 4096);
    expect(() => read(bytes, 4096)).toThrow(message);
  });

  it('refuses a disk smaller than a sector', () => {
    expect(() => read(new Uint8Array(511))).toThrow("Log extension at sector 0 with 1 sectors ends after the file system's 511 bytes (at byte 0)");
  });

  it('refuses a log that grows without end', () => {
    // two extensions of 65,536 sectors (32 MiB) after the first
    const bytes = new Uint8Array(2 * 32 * 1024 * 1024 + 2 * SECTOR);
    bytes.set(hex(`${FIRST} 05 01 848000`));
    bytes.set(hex('4e564d544653 05 848000 05 02 848000'), SECTOR);
    expect(() => read(bytes)).toThrow('Log is longer than 67108864 bytes (at byte 527)');
  });
});
