import type { CreateNodes, CreateNodesResult } from '@nx/devkit';
import { basename, posix } from 'node:path';
import type { PluginOptions } from './plugin-options.js';
import { inference } from './remembered-inference.js';

const CRATES_AND_MANIFESTS = '**/{Cargo.toml,vm.json,*.vm.json}';

/**
 * Makes a project of each member of a cargo workspace, each crate that one of these reaches by a path, and each crate with a
 * manifest, which also gets the targets. Starts no process, and throws for no file: the Nx task reports what is wrong with it.
 */
export const createNodes: CreateNodes<PluginOptions> = [
  CRATES_AND_MANIFESTS,
  async (files, options, { workspaceRoot }) => {
    const { projects } = await inference(files, options, workspaceRoot);
    const byRoot = new Map(projects.map((project) => [project.root, project]));
    return files.map((file): readonly [string, CreateNodesResult] => {
      const root = posix.dirname(file);
      const project = basename(file) === 'Cargo.toml' ? byRoot.get(root) : undefined;
      return [file, project === undefined ? {} : { projects: { [root]: project } }];
    });
  },
];

/** The former name of {@link createNodes}, which Nx still looks for. */
export const createNodesV2 = createNodes;
