import type { CreateDependencies, RawProjectGraphDependency } from '@nx/devkit';
import { existsSync } from 'node:fs';
import { join, posix } from 'node:path';
import { fromRoot } from './workspace-path.js';
import { lastGraph, readGraph } from './read-graph.js';
import type { PluginOptions } from './plugin-options.js';

/** Path dependencies of crates, of every kind, as edges of the project graph. */
export const createDependencies: CreateDependencies<PluginOptions> = (_options, { projects, workspaceRoot }) => {
  const names = new Map(Object.entries(projects).map(([name, { root }]) => [root, name]));
  const manifestPaths = (): string[] => [...names.keys()].map((root) => posix.join(root, 'Cargo.toml')).filter((path) => existsSync(join(workspaceRoot, path)));
  const { crates } = lastGraph(workspaceRoot) ?? readGraph(workspaceRoot, manifestPaths());
  const edges: RawProjectGraphDependency[] = [];
  for (const { folder, dependencies } of crates.values()) {
    const root = fromRoot(workspaceRoot, folder);
    const source = names.get(root);
    for (const target of new Set(dependencies.map((dependency) => names.get(fromRoot(workspaceRoot, dependency.folder))))) {
      if (source === undefined || target === undefined || source === target) continue;
      // `DependencyType.static`; its enum would load all of @nx/devkit, 0.2 s
      edges.push({ source, target, type: 'static' as never, sourceFile: posix.join(root, 'Cargo.toml') });
    }
  }
  return edges;
};
