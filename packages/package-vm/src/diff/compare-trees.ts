import { isDeepStrictEqual } from 'node:util';
import { type ComparedEntry, type ImageTree } from './image-tree.js';

export type TreePart = 'attributes' | 'boot' | 'root';

/** One thing that two images have differently. A side that has nothing there is undefined. */
export interface Difference {
  readonly part: TreePart;
  /** Of an attribute its keys, as in `environment/USER`; else the guest path. */
  readonly path: string;
  readonly a: unknown;
  readonly b: unknown;
}

/** What two images have differently, by part and path. A folder with something in it is told by its content. */
export function compareTrees(a: ImageTree, b: ImageTree): readonly Difference[] {
  return [
    ...compare('attributes', flatten(a.attributes), flatten(b.attributes)),
    ...compare('boot', byPath(a.bootFiles), byPath(b.bootFiles)),
    ...compare('root', byPath(a.entries), byPath(b.entries)),
  ];
}

function compare(part: TreePart, a: ReadonlyMap<string, unknown>, b: ReadonlyMap<string, unknown>): readonly Difference[] {
  const folders = new Set([...parents(a), ...parents(b)]);
  const paths = [...new Set([...a.keys(), ...b.keys()])].sort();
  return paths.flatMap((path) => {
    const [one, other] = [a.get(path), b.get(path)];
    const isTold = (one === undefined || other === undefined) && folders.has(path);
    return isTold || isDeepStrictEqual(one, other) ? [] : [{ part, path, a: one, b: other }];
  });
}

function byPath(entries: readonly ComparedEntry[]): ReadonlyMap<string, unknown> {
  return new Map(entries.map(({ path, ...rest }) => [path, rest]));
}

/** Attributes by their keys, as far down as there are tuples; lists are compared as a whole. */
function flatten(values: Readonly<Record<string, unknown>>, prefix = ''): ReadonlyMap<string, unknown> {
  return new Map(
    Object.entries(values).flatMap(([key, value]) => {
      // as in a JSON pointer (RFC 6901), so that no two ways of nesting look alike
      const path = `${prefix}${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
      const isTuple = typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length > 0;
      return isTuple ? [...flatten(value as Readonly<Record<string, unknown>>, `${path}/`)] : [[path, value] as const];
    }),
  );
}

function* parents(entries: ReadonlyMap<string, unknown>): Iterable<string> {
  for (const path of entries.keys()) for (const { index } of path.matchAll(/\//g)) yield path.slice(0, index);
}
