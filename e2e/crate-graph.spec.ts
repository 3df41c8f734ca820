import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { type Answer, type CrateTree, crateTrees, layDown } from '../packages/package-vm/src/crate-graph/testing/crate-trees.js';

/** What the recorded answers of the unit spec rest on: cargo itself, asked for each workspace of each tree. */
describe('the recorded answers about crate trees', () => {
  it.each(crateTrees)('are those of cargo metadata for $reason', ({ manifests, answer }) => {
    const root = layDown(manifests);
    try {
      expect(Object.fromEntries(Object.keys(answer).map((folder) => [folder, askCargo(root, folder, manifests)]))).toEqual(answer);
    } finally {
      rmSync(root, { recursive: true });
    }
  });
});

interface Metadata {
  readonly packages: readonly {
    readonly id: string;
    readonly manifest_path: string;
    readonly dependencies: readonly { readonly kind: 'build' | 'dev' | null; readonly path?: string }[];
  }[];
  readonly resolve: { readonly nodes: readonly { readonly id: string; readonly dependencies: readonly string[] }[] } | null;
}

function askCargo(root: string, folder: string, manifests: CrateTree['manifests']): Answer[string] {
  const isPatched = manifests[folder]?.includes('[patch') === true;
  const args = ['metadata', '--offline', '--format-version', '1', ...(isPatched ? [] : ['--no-deps'])];
  const metadata = JSON.parse(
    execFileSync('cargo', args, { cwd: join(root, folder), encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] }),
  ) as Metadata;
  const fromRoot = (path: string): string => relative(root, path) || '.';
  const folderOf = new Map(metadata.packages.map(({ id, manifest_path: path }) => [id, fromRoot(dirname(path))]));
  const edges = metadata.packages.map(({ id, manifest_path: path, dependencies }) => {
    const declared = dependencies.flatMap(({ kind, path: to }) => (to === undefined ? [] : [`${kind ?? 'normal'} ${fromRoot(to)}`]));
    const resolved = metadata.resolve?.nodes.find((node) => node.id === id)?.dependencies ?? [];
    const patched = resolved.map((to) => `patch ${folderOf.get(to) ?? to}`);
    return [fromRoot(dirname(path)), [...declared, ...patched].sort()] as const;
  });
  return Object.fromEntries(isPatched ? edges.filter(([to]) => !to.startsWith('patched/')) : edges);
}
