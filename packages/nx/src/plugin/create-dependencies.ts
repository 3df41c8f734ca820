import type { CreateDependencies, RawProjectGraphDependency } from '@nx/devkit';
import { existsSync } from 'node:fs';
import { join, posix } from 'node:path';
import type { PluginOptions } from './plugin-options.js';
import { lastInference } from './remembered-inference.js';

/** Path dependencies of crates, of every kind, as edges of the project graph. */
export const createDependencies: CreateDependencies<PluginOptions> = async (options, { projects, workspaceRoot }) => {
  const names = new Map(Object.entries(projects).map(([name, { root }]) => [root, name]));
  const manifestPaths = (): string[] => [...names.keys()].map((root) => posix.join(root, 'Cargo.toml')).filter((path) => existsSync(join(workspaceRoot, path)));
  const { edges } = lastInference(workspaceRoot) ?? (await import('./infer-projects.js')).inferProjects(manifestPaths(), options, workspaceRoot);
  return edges.flatMap(([root, needs]) => {
    const source = names.get(root);
    return needs.flatMap((need): readonly RawProjectGraphDependency[] => {
      const target = names.get(need);
      if (source === undefined || target === undefined || source === target) return [];
      // `DependencyType.static`; its enum would load all of @nx/devkit, 0.2 s
      return [{ source, target, type: 'static' as never, sourceFile: posix.join(root, 'Cargo.toml') }];
    });
  });
};
