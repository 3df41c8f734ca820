import { type ElfBytes, type Range } from './elf-bytes.js';
import { TEXT_MAX_BYTES } from './layout.js';

const CHUNK_BYTES = 256n;

/** Text up to a NUL inside a range; reads little more than the text, however large the range is. */
export function readText(file: ElfBytes, name: string, { offset, length }: Range): string {
  for (let window = CHUNK_BYTES; ; window *= 4n) {
    const size = window < length ? window : length;
    const reader = file.piece(name, { offset, length: size });
    const end = reader.bytes.indexOf(0);
    if (end !== -1) return reader.takeText(end, name);
    if (size === length) throw file.fault(`${name} has no end within ${length.toString()} bytes`, offset);
    if (size >= TEXT_MAX_BYTES) throw file.fault(`${name} is longer than ${TEXT_MAX_BYTES} bytes`, offset);
  }
}
