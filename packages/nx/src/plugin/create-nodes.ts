import type { CreateNodes, CreateNodesResult, ProjectConfiguration } from '@nx/devkit';
import { basename, join, posix } from 'node:path';
import { type Crate, type CrateGraph, readCrateGraph } from 'package-vm/light';
import { type Workspace, fromRoot, isOutside } from './filesets.js';
import { type PluginOptions, targetNames } from './plugin-options.js';
import { isManifestName, packagedPrograms } from './programs.js';
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
  const graph = readCrateGraph(manifestPaths.map((file) => join(workspaceRoot, file)));
  const manifests = groupBy(files.filter(isManifestName), (file) => posix.dirname(file));
  const known = new Set(manifestPaths.map((file) => posix.dirname(file)));
  const crates = projectCrates(graph, workspaceRoot, manifests).filter(({ folder }) => known.has(fromRoot(workspaceRoot, folder)));

  const projectRoots = new Set(crates.map(({ folder }) => fromRoot(workspaceRoot, folder)));
  const workspace: Workspace = { root: workspaceRoot, graph, projectRoots };
  const context = targetContext(workspace, targetNames(options));
  const nameOf = distinctNames(crates, workspaceRoot);
  return new Map(
    crates.map((crate) => {
      const root = fromRoot(workspaceRoot, crate.folder);
      const programs = packagedPrograms(crate, root, manifests.get(root) ?? []);
      const targets = crateTargets(context, crate, programs);
      return [root, {
        root,
        name: nameOf(crate),
        projectType: programs.length > 0 ? 'application' : 'library',
        targets,
        metadata: { technologies: ['rust'], ...(programs.length > 0 ? { targetGroups: { 'package-vm': Object.keys(targets) } } : {}) },
      }];
    }),
  );
}

/** Which crates are projects. A workspace inside the folder of another workspace's member is that member's test data, unless something needs it. */
function projectCrates(graph: CrateGraph, workspaceRoot: string, manifests: ReadonlyMap<string, unknown>): readonly Crate[] {
  const all = [...graph.crates.values()];
  const members = all.filter(({ folder, workspaceFolder }) => workspaceFolder !== undefined && folder !== workspaceFolder);
  const isTestData = (folder: string): boolean => members.some((member) => folder.startsWith(`${member.folder}/`));
  const chosen = all.filter(
    ({ folder, workspaceFolder }) => (workspaceFolder !== undefined && !isTestData(workspaceFolder)) || manifests.has(fromRoot(workspaceRoot, folder)),
  );
  const reached = new Set(chosen.map(({ folder }) => folder));
  // a set is walked with what is added to it on the way
  for (const folder of reached) for (const dependency of graph.crates.get(folder)?.dependencies ?? []) reached.add(dependency.folder);
  return all.filter(({ folder }) => reached.has(folder) && !isOutside(fromRoot(workspaceRoot, folder)));
}

/** Two projects of one name would stop every nx command, so crates that share a name are named after their folders. */
function distinctNames(crates: readonly Crate[], workspaceRoot: string): (crate: Crate) => string {
  const groups = groupBy(crates, ({ name }) => name);
  return ({ name, folder }) => {
    const root = fromRoot(workspaceRoot, folder);
    return groups.get(name)?.length === 1 || root === '.' ? name : root.replaceAll('/', '-');
  };
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return groups;
}
