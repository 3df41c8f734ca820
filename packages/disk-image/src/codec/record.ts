import { ByteReader, type ByteReaderOptions } from './byte-reader.js';
import { ByteWriter } from './byte-writer.js';
import { type Codec, type FixedCodec } from './codec.js';

type Fields = Readonly<Record<string, Codec<unknown>>>;
type FixedFields = Readonly<Record<string, FixedCodec<unknown>>>;

/** The value of a record: its fields without the constants. */
type RecordValue<F extends Fields> = {
  readonly [K in keyof F as F[K] extends Codec<undefined> ? never : K]: F[K] extends Codec<infer T> ? T : never;
};

export interface RecordCodec<T> extends Codec<T> {
  /** Decodes a record at the start of some bytes. */
  decode(bytes: Uint8Array, options?: ByteReaderOptions): T;
  encode(value: T): Uint8Array;
}

/**
 * Fields one after the other, without gaps. Messages call a field by the record's name and its own, e.g. `Partition entry: type`.
 */
export function record<F extends FixedFields>(name: string, fields: F): RecordCodec<RecordValue<F>> & FixedCodec<RecordValue<F>>;
export function record<F extends Fields>(name: string, fields: F): RecordCodec<RecordValue<F>>;
export function record<F extends Fields>(name: string, fields: F): RecordCodec<RecordValue<F>> {
  const members = Object.entries(fields);
  // a record of fixed fields says at once that it is cut short
  const sizeBytes = members.reduce((sum, [, codec]) => sum + sizeOf(codec), 0);

  function read(reader: ByteReader): RecordValue<F> {
    if (!Number.isNaN(sizeBytes)) reader.require(sizeBytes, name);
    const values = members.map(([field, codec]) => [field, codec.read(reader, `${name}: ${field}`)] as const);
    // the members are the fields of F, each read by its own codec
    return Object.fromEntries(values.filter(([, value]) => value !== undefined)) as RecordValue<F>;
  }

  function write(writer: ByteWriter, value: RecordValue<F>): void {
    // a constant has no value and needs none
    const values = value as Readonly<Record<string, unknown>>;
    for (const [field, codec] of members) codec.write(writer, values[field], `${name}: ${field}`);
  }

  return {
    ...(Number.isNaN(sizeBytes) ? {} : { sizeBytes }),
    read,
    write,
    decode: (bytes, options) => read(new ByteReader(bytes, options)),
    encode(value) {
      const writer = new ByteWriter();
      write(writer, value);
      return writer.toBytes();
    },
  };
}

function sizeOf(codec: Codec<unknown>): number {
  return 'sizeBytes' in codec && typeof codec.sizeBytes === 'number' ? codec.sizeBytes : NaN;
}
