import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A program that behaves as ops was seen to: a script for `sh`. The words are those of ops at bb2d9ce, colours included. */
export interface StandIn {
  /** What `version` prints after `Ops version: `. */
  readonly version?: string;
  /** What `build` does, instead of {@link goodBuild}. */
  readonly build?: string;
}

/** What ops says first where it reaches no network. */
export const NO_NETWORK = String.raw`printf '\033[1;33mversion lookup failed, using local.\n\033[0m'`;

/** Writes some bytes where ops writes an image, and says so. */
export const goodBuild = `printf 'an image' > ../home/.ops/images/image; echo 'Bootable image file:../home/.ops/images/image'`;

/** Writes the stand-in into a folder; gives its path. */
export function standInOps(folder: string, { version = '0.1.46', build = goodBuild }: StandIn = {}): string {
  const path = join(folder, 'ops');
  mkdirSync(folder, { recursive: true });
  const script = ['#!/bin/sh', NO_NETWORK, 'case $1 in', `version) echo 'Ops version: ${version}'; echo 'Nanos version: 0.0.0' ;;`, `build) ${build} ;;`, 'esac', ''].join('\n');
  writeFileSync(path, script, { mode: 0o755 });
  return path;
}
