import { join } from 'node:path';
import { type CrateGraph, readCrateGraph } from 'package-vm/light';

let last: { readonly key: string; readonly graph: CrateGraph } | undefined;

/** The crate graph of an Nx workspace, read anew; the paths of the `Cargo.toml` files are relative to it. */
export function readGraph(workspaceRoot: string, manifestPaths: readonly string[]): CrateGraph {
  const graph = readCrateGraph(manifestPaths.map((path) => join(workspaceRoot, path)));
  last = { key: workspaceRoot, graph };
  return graph;
}

/** The graph that was read last; undefined in a process that has read none. Nx makes the nodes anew before it asks for edges. */
export function lastGraph(workspaceRoot: string): CrateGraph | undefined {
  return last?.key === workspaceRoot ? last.graph : undefined;
}
