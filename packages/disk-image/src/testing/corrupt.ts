import { type Random } from './random.js';

/** A range in which most corruptions happen, since most of a disk is padding. */
export interface Target {
  readonly start: number;
  readonly end: number;
}

/** A damaged copy of some bytes: one to three flips, insertions, removals, copied pieces, or cuts. */
export function corrupt(bytes: Uint8Array, { random, targets }: { random: Random; targets: readonly [Target, ...Target[]] }): Uint8Array {
  let damaged: Uint8Array = bytes.slice();
  for (let times = 1 + random.below(3); times > 0 && damaged.length > 0; times--) {
    const { start, end } = random.below(10) === 0 ? { start: 0, end: damaged.length } : random.pick(targets);
    const at = Math.min(start + random.below(end - start), damaged.length - 1);
    damaged = random.pick(DAMAGES)(damaged, at, random);
  }
  return damaged;
}

type Damage = (bytes: Uint8Array, at: number, random: Random) => Uint8Array;

const flip: Damage = (bytes, at, random) => {
  bytes[at] = (bytes[at] ?? 0) ^ (1 << random.below(8));
  return bytes;
};

/** Bytes at which formats turn: signs, continuations, ends, headers of values. */
const overwrite: Damage = (bytes, at, random) => {
  const value = random.pick([0x00, 0x01, 0x05, 0x10, 0x7f, 0x80, 0x88, 0x90, 0xa7, 0xb1, 0xc7, 0xff]);
  return bytes.fill(value, at, at + 1 + random.below(8));
};

const insert: Damage = (bytes, at, random) => {
  const inserted = Uint8Array.from({ length: 1 + random.below(16) }, () => random.below(256));
  return join(bytes.subarray(0, at), inserted, bytes.subarray(at));
};

const remove: Damage = (bytes, at, random) => join(bytes.subarray(0, at), bytes.subarray(at + 1 + random.below(16)));

const copy: Damage = (bytes, at, random) => bytes.copyWithin(at, at + random.below(64) - 32, at + random.below(64));

const cut: Damage = (bytes, at) => bytes.slice(0, at);

const DAMAGES: readonly [Damage, ...Damage[]] = [flip, flip, flip, overwrite, overwrite, insert, remove, copy, cut];

function join(...pieces: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let end = 0;
  for (const piece of pieces) {
    joined.set(piece, end);
    end += piece.length;
  }
  return joined;
}
