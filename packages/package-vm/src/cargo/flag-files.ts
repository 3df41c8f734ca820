import { resolve } from 'node:path';
import { librariesIn } from './linked-libraries.js';
import { isFile, textOf } from './real-files.js';

/** What comes behind these is written, or is a program and no file to read. */
const NO_INPUT = /^(-Map|--Map|--emit|-o|incremental|-?-?dependency-file|(-C)?linker|-fuse-ld)$/;

const RESPONSE_DEPTH_MAX = 4;

/**
 * The files that flags of a compiler or a linker name, and the libraries in the folders that they name with `-L`:
 * `-Tlayout.ld`, `-Wl,--version-script=exports.map`, `@flags.txt` with what stands in it. Relative paths start at `folder`.
 */
export function filesInFlags(flags: readonly string[], folder: string, depth = 0): readonly string[] {
  const pieces = flags.flatMap((flag, index) => piecesOf(flag, flags[index - 1]));
  const found = pieces.flatMap(({ word, isFolder }) => {
    const path = resolve(folder, word.replace(/^(@|-[A-Z])/, ''));
    if (isFolder) return librariesIn(path);
    // without these a word names a file by chance
    if (!/[./]|^@|^-T/.test(word) || !isFile(path)) return [];
    return word.startsWith('@') && depth < RESPONSE_DEPTH_MAX ? [path, ...filesInFlags(flagWords(textOf(path)), folder, depth + 1)] : [path];
  });
  return [...new Set(found)];
}

/** The words of flags in one text. */
export function flagWords(text: string): readonly string[] {
  return text.split(/\s+/).filter((word) => word !== '');
}

interface Piece {
  readonly word: string;
  readonly isFolder: boolean;
}

/** `-Clink-args=-Wl,-T,a.ld b.o` in its parts. */
function piecesOf(flag: string, before: string | undefined): readonly Piece[] {
  const words = flag.split(/[=,\s]+/);
  return words.flatMap((word, index) => {
    const previous = words[index - 1] ?? before ?? '';
    if (NO_INPUT.test(previous)) return [];
    return [{ word, isFolder: word.startsWith('-L') || previous.startsWith('-L') }];
  });
}
