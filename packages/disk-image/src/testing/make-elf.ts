export interface MadeElf {
  readonly class: 32 | 64;
  readonly byteOrder: 'little' | 'big';
  readonly machine: number;
  readonly interpreter?: string;
  /** Tags of the dynamic section with their values; the string table's address and size come after them. */
  readonly dynamic?: readonly (readonly [tag: number, value: number])[];
  /** The string table; each string ends with a NUL. */
  readonly strings?: string;
}

const ADDRESS = 0x10000;

/** A small ELF file, put together by hand after the gABI and without our records, so that it can contradict them. */
export function makeElf({ class: bits, byteOrder, machine, interpreter = '', dynamic = [], strings = '\0' }: MadeElf): Uint8Array {
  const wide = bits === 64;
  const word = bits / 8;
  const [headerBytes, segmentBytes, segmentCount] = [wide ? 64 : 52, wide ? 56 : 32, 3];
  const interpreterAt = headerBytes + segmentCount * segmentBytes;
  const stringsAt = interpreterAt + interpreter.length + 1;
  const dynamicAt = stringsAt + strings.length;
  const entries = [...dynamic, [5, ADDRESS + stringsAt], [10, strings.length], [0, 0]];
  const size = dynamicAt + entries.length * 2 * word;

  const bytes = new Uint8Array(size);
  const view = new DataView(bytes.buffer);
  const little = byteOrder === 'little';
  let at = 0;
  const put = (width: number, ...values: readonly number[]): void => {
    for (const value of values) {
      if (width === 1) view.setUint8(at, value);
      if (width === 2) view.setUint16(at, value, little);
      if (width === 4) view.setUint32(at, value, little);
      if (width === 8) view.setBigUint64(at, BigInt(value), little);
      at += width;
    }
  };
  const segment = (type: number, offset: number, length: number): void => {
    put(4, type);
    if (wide) put(4, 0);
    put(word, offset, ADDRESS + offset, ADDRESS + offset, length, length);
    if (!wide) put(4, 0);
    put(word, 1);
  };

  put(1, 0x7f, 0x45, 0x4c, 0x46, wide ? 2 : 1, little ? 1 : 2, 1, 0);
  at = 16;
  put(2, 3, machine);
  put(4, 1);
  put(word, 0, headerBytes, 0);
  put(4, 0);
  put(2, headerBytes, segmentBytes, segmentCount, 0, 0, 0);
  segment(1, 0, size);
  segment(interpreter === '' ? 0 : 3, interpreterAt, interpreter.length + 1);
  segment(dynamic.length === 0 ? 0 : 2, dynamicAt, size - dynamicAt);
  bytes.set(new TextEncoder().encode(`${interpreter}\0${strings}`), interpreterAt);
  at = dynamicAt;
  for (const entry of entries) put(word, ...entry);
  return bytes;
}
