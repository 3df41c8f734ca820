import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { posix } from 'node:path';
import { asRecord, strings } from './settings-paths.js';
import type jsonc from 'jsonc-parser';

/** Paths and folders that a manifest names, relative to where its paths start. */
export interface NamedPaths {
  readonly files: readonly string[];
  /** With everything below them. */
  readonly folders: readonly string[];
  /** The folders as `Dirs` and `MapDirs` have them: with a slash behind, or with a pattern for names below. */
  readonly sources: readonly string[];
}

/**
 * What a manifest names of the host. Reads a half-typed one as far as it goes, and nothing where there is none: it decides
 * only which files are hashed; reading the manifest in earnest is the Nx task's.
 */
export function namedPaths(path: string): NamedPaths {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    return { files: [], folders: [], sources: [] };
  }
  const value = asRecord(parse(text));
  const mapped = Object.keys(asRecord(value.MapDirs));
  return {
    files: [...strings(value.Files), ...strings([value.Boot, value.Kernel, value.UefiBoot])],
    // the last part of a mapped path is a pattern for names at any depth below its folder
    folders: [...strings(value.Dirs), ...strings([value.KlibDir]), ...mapped.map((source) => posix.dirname(source))],
    sources: [...strings(value.Dirs).map((folder) => `${folder}/`), ...mapped],
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // with comments, trailing commas, or half-typed: 15 ms to load, for few
    const { parse: parseLoosely } = createRequire(import.meta.url)('jsonc-parser') as typeof jsonc;
    return parseLoosely(text, [], { allowTrailingComma: true });
  }
}
