import { type DiskImage } from '@package-vm/disk-image';
import { withImageFile } from '../inspect/open-image-file.js';
import { type EngineName, reasonFor } from './accepted-differences.js';
import { type Difference, compareTrees } from './compare-trees.js';
import { type ImageTree, readImageTree } from './image-tree.js';

export interface JudgedDifference extends Difference {
  /** Why it is right between images of two engines; undefined for any other difference. */
  readonly accepted?: string;
}

/** What distinguishes images with the same tree. */
export interface ImageFacts {
  readonly engine: EngineName;
  readonly sizeBytes: number;
  /** Of the root file system. */
  readonly uuid: string;
  readonly label: string;
}

export interface ImageDiff {
  readonly a: ImageFacts;
  readonly b: ImageFacts;
  readonly differences: readonly JudgedDifference[];
  /** Whether there is no difference but accepted ones. */
  readonly isSame: boolean;
}

/**
 * Compares two images as trees: root attributes, boot files, every entry with its digest. Where one of them is by ops, differences that the
 * engines are known to have are marked as accepted.
 *
 * @throws PVM_NO_FILE, PVM_BAD_IMAGE
 */
export function diffImages(pathA: string, pathB: string): ImageDiff {
  const [a, b] = [pathA, pathB].map((path) => withImageFile(path, (image) => ({ tree: readImageTree(image), image }))) as [Read, Read];
  const differences = judgeDifferences(compareTrees(a.tree, b.tree), { a: engineOf(a.tree), b: engineOf(b.tree) });
  return { a: facts(a), b: facts(b), differences, isSame: differences.every(({ accepted }) => accepted !== undefined) };
}

/** Differences with the reasons of those that are accepted between two engines. */
export function judgeDifferences(differences: readonly Difference[], engines: { readonly a: EngineName; readonly b: EngineName }): readonly JudgedDifference[] {
  return differences.map((difference) => {
    const accepted = reasonFor(difference, engines);
    return accepted === undefined ? difference : { ...difference, accepted };
  });
}

/** ops always writes its version into the environment, even an empty one (ops lepton/image.go, setManifestFromConfig). */
export function engineOf({ attributes }: ImageTree): EngineName {
  const { environment } = attributes;
  return typeof environment === 'object' && environment !== null && 'OPS_VERSION' in environment ? 'ops' : 'builtin';
}

interface Read {
  readonly tree: ImageTree;
  readonly image: DiskImage;
}

function facts({ tree, image: { sizeBytes, root } }: Read): ImageFacts {
  return { engine: engineOf(tree), sizeBytes, uuid: root.uuid, label: root.label };
}
