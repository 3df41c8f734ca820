import { type ElfDifference, compareElf } from './compare-elf.js';
import { type Bundle, type BundleFile, type LibraryOrigin } from './bundle.js';
import { readBundle } from './read-bundle.js';

/** A file that two bundles do not have alike. */
export interface BundleFileDifference {
  /** `program`, or the path of a library inside the image. */
  readonly path: string;
  /** Where each bundle has it from; undefined in one that does not have it. */
  readonly a: SideOfDifference | undefined;
  readonly b: SideOfDifference | undefined;
  /** Undefined where only one has it. */
  readonly elf: ElfDifference | undefined;
}

export interface SideOfDifference {
  readonly sha256: string;
  /** Of a library. */
  readonly origin: LibraryOrigin | undefined;
}

export interface BundleDiff {
  readonly isSame: boolean;
  /** How they were built, where that differs: by name, e.g. `rustc`. */
  readonly facts: readonly { readonly name: string; readonly a: string; readonly b: string }[];
  readonly files: readonly BundleFileDifference[];
}

/** Compares two bundles: how they were built, which file differs, in which sections, and what that tells. @throws PVM_BAD_BUNDLE, PVM_BAD_ELF */
export async function diffBundles(folderA: string, folderB: string): Promise<BundleDiff> {
  const [a, b] = await Promise.all([readBundle(folderA, { verify: true }), readBundle(folderB, { verify: true })]);
  const facts = factsOf(a).flatMap(([name, ofA], index) => {
    const ofB = factsOf(b)[index]?.[1] ?? '';
    return ofA === ofB ? [] : [{ name, a: ofA, b: ofB }];
  });
  const [filesA, filesB] = [filesOf(a), filesOf(b)];
  const paths = [...new Set([...filesA.keys(), ...filesB.keys()])];
  const files = paths.flatMap((path) => {
    const [fileA, fileB] = [filesA.get(path), filesB.get(path)];
    if (fileA?.sha256 === fileB?.sha256) return [];
    return [{ path, a: side(fileA), b: side(fileB), elf: fileA === undefined || fileB === undefined ? undefined : compareElf(fileA.hostPath, fileB.hostPath) }];
  });
  return { isSame: facts.length + files.length === 0, facts, files };
}

type OneFile = BundleFile & { readonly origin?: LibraryOrigin };

function filesOf({ program, libraries }: Bundle): ReadonlyMap<string, OneFile> {
  return new Map<string, OneFile>([['program', program], ...libraries.map((library) => [library.guestPath, library] as const)]);
}

function side(file: OneFile | undefined): SideOfDifference | undefined {
  return file && { sha256: file.sha256, origin: file.origin };
}

function factsOf({ name, build }: Bundle): readonly (readonly [string, string])[] {
  return [
    ['name', name],
    ['package', build?.package ?? ''],
    ['target', build?.target ?? ''],
    ['profile', build?.profile ?? ''],
    ['features', build?.features.join(', ') ?? ''],
    ['rustc', build?.rustc ?? ''],
  ];
}
