import type { ProjectConfiguration } from '@nx/devkit';
import { basename, dirname, join, posix } from 'node:path';
import { type Crate, type CrateGraph, reachableCrates, readCrateGraph } from 'package-vm/light';
import { type Inference, withBuildScripts } from './remembered-inference.js';
import { describeWorkspace } from './workspace.js';
import { fromRoot, isOutside, levels } from './workspace-path.js';
import { type PluginOptions, chosenEngine, targetNames } from './plugin-options.js';
import { isManifestName, packagedPrograms } from './programs.js';
import { remember } from './remember.js';
import { crateTargets, targetContext } from './targets.js';

/** The projects that files make and how they need each other; all paths are relative to the Nx workspace. */
export function inferProjects(files: readonly string[], options: PluginOptions | undefined, workspaceRoot: string): Inference {
  const manifestPaths = files.filter((file) => basename(file) === 'Cargo.toml');
  const graph = readCrateGraph(manifestPaths.map((path) => join(workspaceRoot, path)));
  const pathOf = remember((folder) => fromRoot(workspaceRoot, folder));
  const manifests = groupBy(files.filter(isManifestName), (file) => posix.dirname(file));
  const matched = new Set(files);
  const known = new Set(manifestPaths.map((file) => posix.dirname(file)));
  const crates = projectCrates(graph, (crate) => manifests.has(pathOf(crate.folder))).filter(({ folder }) => known.has(pathOf(folder)));

  const workspace = describeWorkspace(workspaceRoot, graph, pathOf, crates);
  const context = targetContext(workspace, targetNames(options), chosenEngine(options));
  const nameOf = distinctNames(crates, pathOf);
  const named: string[] = [];
  const projects = crates.map((crate): ProjectConfiguration => {
    const root = pathOf(crate.folder);
    const programs = packagedPrograms(crate, root, manifests.get(root) ?? []);
    named.push(...programs.flatMap(({ manifest, variants }) => [manifest, ...variants.map((variant) => variant.manifest)]));
    const targets = crateTargets(context, crate, programs);
    const groups = programs.length > 0 ? { targetGroups: { 'package-vm': Object.keys(targets) } } : {};
    return { root, name: nameOf(crate), projectType: programs.length > 0 ? 'application' : 'library', targets, metadata: { technologies: ['rust'], ...groups } };
  });
  const all = [...graph.crates.values()];
  return {
    projects,
    edges: all.map(({ folder, dependencies }) => [pathOf(folder), [...new Set(dependencies.map((dependency) => pathOf(dependency.folder)))]]),
    isWhole: graph.problems.length === 0,
    observed: {
      texts: otherFiles(all, named, pathOf).filter((path) => !matched.has(path)),
      toolchains: [...workspace.choosesToolchain.answers],
      links: [...workspace.realPathOf.answers],
      buildScripts: withBuildScripts(all.map(({ folder }) => pathOf(folder)), workspaceRoot),
    },
  };
}

/** Files that were read, or looked for, and may not be among the matched ones: ignored, outside, of another name, not there. */
function otherFiles(crates: readonly Crate[], manifests: readonly string[], pathOf: (folder: string) => string): readonly string[] {
  const folders = crates.flatMap(({ folder, rootFolder, dependencies }) => [folder, rootFolder, ...dependencies.map((dependency) => dependency.folder)]);
  const around = [...new Set(folders.map(pathOf))].flatMap((path) => (isOutside(path) ? [path] : levels(path)));
  // cargo looks for a workspace in all folders above
  const above = foldersAbove(crates[0]?.folder ?? '/').map(pathOf);
  return [...new Set([...[...around, ...above].map((folder) => posix.join(folder, 'Cargo.toml')), ...manifests])];
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
