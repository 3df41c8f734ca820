import type { CreateNodes, CreateNodesResult, ProjectConfiguration } from '@nx/devkit';
import { basename, dirname, posix } from 'node:path';
import { type Crate, type CrateGraph, reachableCrates } from 'package-vm/light';
import { readGraph } from './read-graph.js';
import { describeWorkspace } from './workspace.js';
import { fromRoot } from './workspace-path.js';
import { type PluginOptions, chosenEngine, targetNames } from './plugin-options.js';
import { isManifestName, packagedPrograms } from './programs.js';
import { remember } from './remember.js';
import { crateTargets, targetContext } from './targets.js';

const CRATES_AND_MANIFESTS = '**/{Cargo.toml,vm.json,*.vm.json}';

/**
 * Makes a project of each member of a cargo workspace, each crate that one of these reaches by a path, and each crate with a
 * manifest, which also gets the targets. Starts no process, and throws for no file: the Nx task reports what is wrong with it.
 */
export const createNodes: CreateNodes<PluginOptions> = [
  CRATES_AND_MANIFESTS,
  (files, options, { workspaceRoot }) => {
    const projects = inferProjects(files, options, workspaceRoot);
    return files.map((file): readonly [string, CreateNodesResult] => {
      const root = posix.dirname(file);
      const project = basename(file) === 'Cargo.toml' ? projects.get(root) : undefined;
      return [file, project === undefined ? {} : { projects: { [root]: project } }];
    });
  },
];

/** The former name of {@link createNodes}, which Nx still looks for. */
export const createNodesV2 = createNodes;

/** The projects by root, relative to the Nx workspace as the files are. */
export function inferProjects(files: readonly string[], options: PluginOptions | undefined, workspaceRoot: string): ReadonlyMap<string, ProjectConfiguration> {
  const manifestPaths = files.filter((file) => basename(file) === 'Cargo.toml');
  const graph = readGraph(workspaceRoot, manifestPaths);
  const pathOf = remember((folder) => fromRoot(workspaceRoot, folder));
  const manifests = groupBy(files.filter(isManifestName), (file) => posix.dirname(file));
  const known = new Set(manifestPaths.map((file) => posix.dirname(file)));
  const crates = projectCrates(graph, (crate) => manifests.has(pathOf(crate.folder))).filter(({ folder }) => known.has(pathOf(folder)));

  const context = targetContext(describeWorkspace(workspaceRoot, graph, pathOf, crates), targetNames(options), chosenEngine(options));
  const nameOf = distinctNames(crates, pathOf);
  return new Map(
    crates.map((crate) => {
      const root = pathOf(crate.folder);
      const programs = packagedPrograms(crate, root, manifests.get(root) ?? []);
      const targets = crateTargets(context, crate, programs);
      const groups = programs.length > 0 ? { targetGroups: { 'package-vm': Object.keys(targets) } } : {};
      return [root, { root, name: nameOf(crate), projectType: programs.length > 0 ? 'application' : 'library', targets, metadata: { technologies: ['rust'], ...groups } }];
    }),
  );
}

/** Which crates are projects. A workspace inside the folder of another workspace's member is that member's test data, unless something needs it. */
function projectCrates(graph: CrateGraph, hasManifest: (crate: Crate) => boolean): readonly Crate[] {
  const all = [...graph.crates.values()];
  const members = new Set(all.filter(({ folder, workspaceFolder }) => workspaceFolder !== undefined && folder !== workspaceFolder).map(({ folder }) => folder));
  const isTestData = remember((folder) => foldersAbove(folder).some((above) => members.has(above)));
  const chosen = all.filter((crate) => (crate.workspaceFolder !== undefined && !isTestData(crate.workspaceFolder)) || hasManifest(crate));
  return reachableCrates(graph, chosen.map(({ folder }) => folder), ['normal', 'build', 'dev', 'patch']);
}

/** Two projects of one name would stop every nx command, so crates that share a name are named after their folders. */
function distinctNames(crates: readonly Crate[], pathOf: (folder: string) => string): (crate: Crate) => string {
  const groups = groupBy(crates, ({ name }) => name);
  return ({ name, folder }) => {
    const root = pathOf(folder);
    return groups.get(name)?.length === 1 || root === '.' ? name : root.replaceAll('/', '-');
  };
}

function foldersAbove(folder: string): readonly string[] {
  const above = dirname(folder);
  return above === folder ? [] : [above, ...foldersAbove(above)];
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group === undefined) groups.set(keyOf(item), [item]);
    else group.push(item);
  }
  return groups;
}
