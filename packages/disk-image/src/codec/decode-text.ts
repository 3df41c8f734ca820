import { type ByteReader } from './byte-reader.js';

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The next `length` bytes as text. Text that is not UTF-8 is refused: the bytes could not be given back. */
export function decodeText(reader: ByteReader, length: number, name: string): string {
  const at = reader.position;
  const bytes = reader.take(length, name);
  const { buffer, byteOffset } = bytes;
  // most of a log is short ASCII, for which a TextDecoder costs ten times as much
  if (bytes.every((byte) => byte < 0x80)) return Buffer.from(buffer, byteOffset, length).toString('latin1');
  try {
    return utf8.decode(bytes);
  } catch {
    throw reader.fault(`${name} is not UTF-8`, at);
  }
}
