import { isElf, readElfSections } from '@package-vm/disk-image/elf';
import { readFileSync } from 'node:fs';
import { dirname } from 'node:path/posix';

/** How two ELF files differ. */
export interface ElfDifference {
  /** Names of sections that differ, in the file's order; none for files that have no sections. */
  readonly sections: readonly string[];
  /** What that tells, as sentences without a final period. */
  readonly reasons: readonly string[];
}

/** Compares two ELF files section by section, and says what usually is behind it. @throws PVM_BAD_ELF */
export function compareElf(pathA: string, pathB: string): ElfDifference {
  const [a, b] = [openElf(pathA), openElf(pathB)];
  const names = [...new Set([...a.keys(), ...b.keys()])];
  const sections = names.filter((name) => !sameBytes(a.get(name), b.get(name)));
  const texts = (file: Sections): readonly string[] => sections.map((name) => file.get(name)?.toString('latin1') ?? '');
  const reasons = [
    toolReason(versionsIn(a), versionsIn(b)),
    pathReason(foldersIn(texts(a)), foldersIn(texts(b))),
    sections.includes('.strtab') ? symbolReason(symbolsIn(a), symbolsIn(b)) : undefined,
    buildIdReason(buildIdIn(a), buildIdIn(b)),
  ];
  return { sections, reasons: reasons.filter((reason) => reason !== undefined) };
}

/** Content by name. */
type Sections = ReadonlyMap<string, Buffer>;

function openElf(path: string): Sections {
  const bytes = readFileSync(path);
  if (!isElf(bytes.subarray(0, 4))) return new Map();
  const source = { sizeBytes: bytes.length, read: (offset: number, length: number) => bytes.subarray(offset, offset + length) };
  const found = new Map<string, Buffer>();
  for (const { name, offset, sizeBytes } of readElfSections(source)) found.set(unused(name, found), bytes.subarray(offset, offset + sizeBytes));
  return found;
}

/** The second section of a name gets a number. */
function unused(name: string, found: ReadonlyMap<string, unknown>): string {
  let unique = name;
  for (let count = 2; found.has(unique); count += 1) unique = `${name} (${count})`;
  return unique;
}

function sameBytes(a: Buffer | undefined, b: Buffer | undefined): boolean {
  return a !== undefined && b !== undefined && a.equals(b);
}

/** `.comment` holds what each compiler and linker says of itself. */
function versionsIn(file: Sections): readonly string[] {
  return (file.get('.comment')?.toString('latin1') ?? '').split('\0').filter((text) => text !== '');
}

function toolReason(a: readonly string[], b: readonly string[]): string | undefined {
  const [onlyA, onlyB] = onlyIn(a, b);
  if (onlyA.length + onlyB.length === 0) return undefined;
  return `other tools made them: ${list(onlyA)} against ${list(onlyB)}`;
}

/** Folders of paths with at least two names; the last name is left out, since text that follows runs into it. */
function foldersIn(texts: readonly string[]): readonly string[] {
  const paths = texts.flatMap((text) => text.match(/\/(?:[\w.@+-]+\/)+[\w.@+-]+/g) ?? []);
  return [...new Set(paths.map((path) => dirname(path)))];
}

function pathReason(a: readonly string[], b: readonly string[]): string | undefined {
  const [onlyA, onlyB] = onlyIn(a, b);
  if (onlyA.length + onlyB.length === 0) return undefined;
  return `they name other folders: ${list(onlyA)} against ${list(onlyB)}; a compiler that a build script calls may need \`-ffile-prefix-map\``;
}

/** Names of functions with the hash that rustc gives to each crate. */
function symbolsIn(file: Sections): readonly string[] {
  return (file.get('.strtab')?.toString('latin1') ?? '').split('\0').filter((name) => /17h[0-9a-f]{16}E|^_R/.test(name));
}

function symbolReason(a: readonly string[], b: readonly string[]): string | undefined {
  const withoutHash = (names: readonly string[]): ReadonlySet<string> => new Set(names.map((name) => name.replace(/17h[0-9a-f]{16}E|Cs[0-9A-Za-z]+_/g, '#')));
  const [onlyA, onlyB] = onlyIn(a, b);
  if (onlyA.length + onlyB.length === 0) return undefined;
  const [plainA, plainB] = [withoutHash(a), withoutHash(b)];
  const sameNames = [...plainA].every((name) => plainB.has(name)) && plainA.size === plainB.size;
  return sameNames
    ? 'the functions are the same and their hashes are not: another compiler, other flags or features, or a crate outside the cargo workspace in another place'
    : 'they have other functions: other sources, features or optimisation';
}

/** The note's header has 16 bytes: sizes, type and the name `GNU`. */
function buildIdIn(file: Sections): string | undefined {
  return file.get('.note.gnu.build-id')?.subarray(16).toString('hex');
}

function buildIdReason(a: string | undefined, b: string | undefined): string | undefined {
  return a === b ? undefined : `build ids: ${a ?? 'none'} against ${b ?? 'none'}`;
}

function onlyIn(a: readonly string[], b: readonly string[]): readonly [readonly string[], readonly string[]] {
  const [inA, inB] = [new Set(a), new Set(b)];
  return [a.filter((item) => !inB.has(item)), b.filter((item) => !inA.has(item))];
}

const SHOWN_MAX = 3;

function list(items: readonly string[]): string {
  if (items.length === 0) return 'none';
  const shown = items.slice(0, SHOWN_MAX).map((item) => `\`${item}\``).join(', ');
  return items.length > SHOWN_MAX ? `${shown} and ${items.length - SHOWN_MAX} more` : shown;
}
