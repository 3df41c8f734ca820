import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { type Tuple, type Value } from '../tree.js';

const FOLDER = join(import.meta.dirname, 'golden');

export const GOLDEN_CASES = ['documented', 'many-keys', 'log-of-three-extensions', 'after-a-boot'] as const;
export type GoldenCase = (typeof GOLDEN_CASES)[number];

/** What another reader found in a file system that ops wrote. */
export interface Golden {
  readonly uuid: string;
  readonly label: string;
  readonly logExtensions: number;
  readonly root: JsonTuple;
  readonly entries: readonly GoldenEntry[];
}

export type GoldenEntry =
  | { readonly path: string; readonly kind: 'directory' }
  | { readonly path: string; readonly kind: 'link'; readonly target: string }
  | { readonly path: string; readonly kind: 'file'; readonly size: number; readonly sha256: string };

type JsonValue = string | readonly JsonValue[] | JsonTuple;
interface JsonTuple {
  readonly [name: string]: JsonValue;
}

export function goldenBytes(name: GoldenCase): Uint8Array {
  return new Uint8Array(gunzipSync(readFileSync(join(FOLDER, name, 'root.tfs.gz'))));
}

export function goldenDecoded(name: GoldenCase): Golden {
  return JSON.parse(gunzipSync(readFileSync(join(FOLDER, name, 'decoded.json.gz'))).toString()) as Golden;
}

/** A whole disk that ops wrote; the README beside it says of what. */
export function goldenImage(): Uint8Array {
  return new Uint8Array(gunzipSync(readFileSync(join(FOLDER, 'whole-image', 'image.gz'))));
}

/** The program of a golden case. */
export function goldenProgram(name: 'hello' | 'writer'): Uint8Array {
  return new Uint8Array(readFileSync(join(FOLDER, name)));
}

export function tupleOf(json: JsonTuple): Tuple {
  return new Map(Object.entries(json).map(([name, value]) => [name, valueOf(value)]));
}

function valueOf(json: JsonValue): Value {
  if (typeof json === 'string') return json;
  return Array.isArray(json) ? json.map(valueOf) : tupleOf(json as JsonTuple);
}
