import { type PackageVmError } from '@package-vm/errors';
import { type ByteReader } from '../codec/byte-reader.js';
import { type Tuple, type Value } from '../tree.js';
import { DEPTH_MAX, VALUES_MAX, VALUE_TYPES } from './layout.js';
import { valueHeader } from './value-header.js';
import { varint, varint64 } from './varint.js';

/** Tuples and vectors while the log is read: a later tuple of the log may still change them. */
type GrowingTuple = Map<string, Value>;
type GrowingVector = Value[];

/**
 * Decodes the tuples of one log, in its order. A log is a history: the first tuple is the root, each later one changes an earlier one,
 * which it names by its index in the dictionary.
 */
export class TupleDecoder {
  /** Index 1 of the format is element 0. */
  readonly #dictionary: (string | GrowingTuple | GrowingVector)[] = [];
  /** Where each element of the dictionary began. */
  readonly #readers: ByteReader[] = [];
  readonly #positions: number[] = [];
  #valueCount = 0;

  /** The first tuple, with all changes so far. */
  get root(): Tuple | undefined {
    const first = this.#dictionary[0];
    return first instanceof Map ? first : undefined;
  }

  /** Decodes one tuple, which must end where the reader ends. */
  decode(reader: ByteReader): void {
    const at = reader.position;
    if (!(this.#value(reader, 0) instanceof Map)) throw reader.fault('Record holds a value that is no tuple', at);
    if (reader.remaining > 0) throw reader.fault(`Tuple is followed by ${reader.remaining} bytes of its record`);
  }

  /** An error about a decoded tuple or vector; it names the byte where that began. */
  fault(value: Tuple | readonly Value[], message: string): PackageVmError {
    const index = this.#dictionary.findIndex((known) => known === value);
    const reader = this.#readers[index];
    if (reader === undefined) throw new Error('not a value of this log');
    return reader.fault(message, this.#positions[index]);
  }

  /** Undefined for the mark that removes an attribute. */
  #value(reader: ByteReader, depth: number): Value | undefined {
    const at = reader.position;
    if (depth > DEPTH_MAX) throw reader.fault(`Values are nested more than ${DEPTH_MAX} deep`);
    if (++this.#valueCount > VALUES_MAX) throw reader.fault(`Log has more than ${VALUES_MAX} values`);
    const { isImmediate, type, length } = valueHeader.read(reader, 'Value');
    switch (type) {
      case VALUE_TYPES.symbol:
        if (!isImmediate) return this.#symbol(reader, length, at);
        return length === 0 ? undefined : reader.takeText(length, 'Untyped value');
      case VALUE_TYPES.tuple: {
        const tuple = isImmediate ? this.#remember<GrowingTuple>(new Map(), reader, at) : this.#referenced(reader, at);
        if (!(tuple instanceof Map)) throw reader.fault('Tuple refers to something else', at);
        this.#readAttributes(reader, tuple, { count: length, depth });
        return tuple;
      }
      case VALUE_TYPES.vector: {
        const vector = isImmediate ? this.#remember<GrowingVector>([], reader, at) : this.#referenced(reader, at);
        if (!Array.isArray(vector)) throw reader.fault('Vector refers to something else', at);
        this.#readElements(reader, vector, { count: length, depth });
        return vector;
      }
      case VALUE_TYPES.integer: {
        if (!isImmediate || length > 1) throw reader.fault('Integer is neither positive nor negative', at);
        const magnitude = varint64.read(reader, 'Integer');
        return length === 1 ? -magnitude : magnitude;
      }
      case VALUE_TYPES.string:
        if (!isImmediate) throw reader.fault('String is a reference, but strings are in no dictionary', at);
        return reader.takeText(length, 'String');
      default:
        throw reader.fault(`Value has type ${type}, expected 0 to 4`, at);
    }
  }

  #readAttributes(reader: ByteReader, tuple: GrowingTuple, { count, depth }: { count: number; depth: number }): void {
    for (let index = 0; index < count; index++) {
      const name = this.#name(reader);
      const value = this.#value(reader, depth + 1);
      // old versions of ops wrote attributes without a name, which mean nothing
      if (name === '') continue;
      if (value === undefined) tuple.delete(name);
      else tuple.set(name, value);
    }
  }

  #readElements(reader: ByteReader, vector: GrowingVector, { count, depth }: { count: number; depth: number }): void {
    for (let index = 0; index < count; index++) vector[index] = this.#value(reader, depth + 1) ?? '';
  }

  #name(reader: ByteReader): string {
    const at = reader.position;
    const { isImmediate, type, length } = valueHeader.read(reader, 'Attribute name');
    if (type !== VALUE_TYPES.symbol) throw reader.fault(`Attribute name has type ${type}, expected 0`, at);
    if (!isImmediate) return this.#symbol(reader, length, at);
    return this.#remember(reader.takeText(length, 'Attribute name'), reader, at);
  }

  #symbol(reader: ByteReader, index: number, at: number): string {
    const symbol = this.#dictionary[index - 1];
    if (typeof symbol !== 'string') throw reader.fault(`Dictionary has no symbol ${index}`, at);
    return symbol;
  }

  #referenced(reader: ByteReader, at: number): string | GrowingTuple | GrowingVector {
    const index = varint.read(reader, 'Reference');
    const value = this.#dictionary[index - 1];
    if (value === undefined) throw reader.fault(`Dictionary has no index ${index}`, at);
    return value;
  }

  #remember<T extends string | GrowingTuple | GrowingVector>(value: T, reader: ByteReader, position: number): T {
    this.#dictionary.push(value);
    this.#readers.push(reader);
    this.#positions.push(position);
    return value;
  }
}
