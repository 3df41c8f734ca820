import { ByteWriter } from '../codec/byte-writer.js';
import { type Tuple, type Value } from '../tree.js';
import { VALUE_TYPES } from './layout.js';
import { isTuple } from './is-tuple.js';
import { valueHeader } from './value-header.js';
import { varint64 } from './varint.js';

interface Output {
  readonly writer: ByteWriter;
  /** Index of each name in the log's dictionary. */
  readonly symbols: Map<string, number>;
  /** Indexes taken, counted from 1: each tuple and vector takes one when it opens, each name when it first occurs. */
  indexCount: number;
}

/** Encodes the root tuple of a log of ours, which is its only one. Names become symbols, strings TFS strings, as ops writes them. */
export function encodeTuple(tuple: Tuple): Uint8Array {
  const output: Output = { writer: new ByteWriter(), symbols: new Map(), indexCount: 0 };
  writeTuple(output, tuple);
  return output.writer.toBytes();
}

function writeTuple(output: Output, tuple: Tuple): void {
  writeHeader(output, VALUE_TYPES.tuple, tuple.size);
  output.indexCount++;
  for (const [name, value] of tuple) {
    writeSymbol(output, name);
    writeValue(output, value);
  }
}

function writeValue(output: Output, value: Value): void {
  if (typeof value === 'string') writeText(output, VALUE_TYPES.string, value);
  else if (typeof value === 'bigint') writeInteger(output, value);
  else if (isTuple(value)) writeTuple(output, value);
  else writeVector(output, value);
}

function writeSymbol(output: Output, name: string): void {
  const index = output.symbols.get(name);
  if (index !== undefined) {
    valueHeader.write(output.writer, { isImmediate: false, type: VALUE_TYPES.symbol, length: index }, 'Symbol');
    return;
  }
  writeText(output, VALUE_TYPES.symbol, name);
  output.symbols.set(name, ++output.indexCount);
}

function writeVector(output: Output, values: readonly Value[]): void {
  writeHeader(output, VALUE_TYPES.vector, values.length);
  output.indexCount++;
  for (const value of values) writeValue(output, value);
}

function writeInteger({ writer }: Output, value: bigint): void {
  valueHeader.write(writer, { isImmediate: true, type: VALUE_TYPES.integer, length: value < 0n ? 1 : 0 }, 'Integer');
  varint64.write(writer, value < 0n ? -value : value, 'Integer');
}

function writeText(output: Output, type: number, text: string): void {
  const length = Buffer.byteLength(text);
  writeHeader(output, type, length);
  output.writer.pushText(text, length);
}

function writeHeader({ writer }: Output, type: number, length: number): void {
  valueHeader.write(writer, { isImmediate: true, type, length }, 'Value');
}
