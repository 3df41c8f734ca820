import type { ExecutorContext, TargetConfiguration } from '@nx/devkit';
import { createRequire } from 'node:module';
import { posix, resolve } from 'node:path';
import type Picomatch from 'picomatch';
import { isDigested } from '../fingerprint/digests.js';
import { commandWords, fingerprintParts } from '../plugin/fingerprint-words.js';
import { fromRoot, isOutside, patternBase } from '../plugin/workspace-path.js';

type Inputs = NonNullable<TargetConfiguration['inputs']>;

/** What the key of a running Nx task holds, but for what Nx itself knows of the filesets. */
export interface TargetInputs {
  /** With named inputs replaced by what they stand for. */
  readonly filesets: readonly string[];
  readonly variables: readonly string[];
  /** But for our own. */
  readonly commands: readonly string[];
  /** The words of a fingerprint of the toolchain after its folder, and that folder; undefined where there is none. */
  readonly toolchain: { readonly folder: string; readonly words: readonly string[] } | undefined;
  /** Outputs of the tasks before this one, relative to the Nx workspace; none where the key does not hold them. */
  readonly outputsBefore: readonly string[];
  /** The target triples that are all that is built for; empty where the machine decides. */
  readonly targets: readonly string[];
  /** Whether a fingerprint holds a file, or it is an output of a task before this one that counts; the path is absolute, links followed. */
  readonly holds: (path: string) => boolean;
}

/** Reads the inputs of the target that runs, as Nx has merged them. */
export function targetInputs(context: ExecutorContext): TargetInputs {
  const inputs = expand(context.target?.inputs ?? ['default', '^default'], context, 0);
  const objects = inputs.filter((input) => typeof input === 'object');
  const { paths, variables, targets } = fingerprintParts(inputs);
  const patterns = objects.flatMap((input) => ('dependentTasksOutputFiles' in input ? [input.dependentTasksOutputFiles] : []));
  const outputsBefore = patterns.length === 0 ? [] : outputsOfTasksBefore(context);
  const [isOutput, isMeant] = [pathMatcher(context.root, outputsBefore), pathMatcher(context.root, patterns)];
  const ofCommands = objects.flatMap((input) => ('runtime' in input ? [input.runtime] : [])).map((command) => ({ command, words: commandWords(command) }));
  const [, folder, ...words] = ofCommands.find((one) => one.words[0] === 'toolchain')?.words ?? [];
  return {
    filesets: inputs.flatMap((input) => (typeof input === 'string' ? [input] : 'fileset' in input ? [input.fileset] : [])),
    variables: [...variables, ...objects.flatMap((input) => ('env' in input ? [input.env] : []))],
    commands: ofCommands.flatMap((one) => (one.words.length === 0 ? [one.command] : [])),
    toolchain: folder === undefined ? undefined : { folder, words },
    outputsBefore,
    targets,
    holds: (path) => paths.some((input) => isDigested(context.root, input, path)) || (isOutput(path) && isMeant(path)),
  };
}

const DEPTH_MAX = 10;

function expand(inputs: Inputs, context: ExecutorContext, depth: number): Inputs {
  const named = namedInputs(context);
  return inputs.flatMap((input) => {
    if (typeof input === 'string' && input.startsWith('^')) return ofDependencies(input.slice(1), context, depth);
    if (typeof input === 'object' && 'input' in input && 'dependencies' in input) return ofDependencies(input.input, context, depth);
    const name = typeof input === 'object' && 'input' in input && !('projects' in input) ? input.input : input;
    const meant = typeof name === 'string' && Object.hasOwn(named, name) ? named[name] : undefined;
    return meant === undefined || depth > DEPTH_MAX ? [input] : expand(meant, context, depth + 1);
  });
}

function namedInputs({ nxJsonConfiguration, projectName, projectsConfigurations }: ExecutorContext): Readonly<Record<string, Inputs>> {
  const project = projectName === undefined ? undefined : projectsConfigurations.projects[projectName];
  return { default: ['{projectRoot}/**/*'], ...nxJsonConfiguration.namedInputs, ...project?.namedInputs };
}

/** An input of each project that this one reaches, as paths of the Nx workspace. */
function ofDependencies(input: string, context: ExecutorContext, depth: number): Inputs {
  if (depth > DEPTH_MAX) return [];
  const { projectGraph, projectsConfigurations, projectName } = context;
  const reached = new Set<string>();
  const waiting = [projectName ?? ''];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    for (const { target } of projectGraph.dependencies[name] ?? []) {
      if (reached.has(target) || projectsConfigurations.projects[target] === undefined) continue;
      reached.add(target);
      waiting.push(target);
    }
  }
  return [...reached].flatMap((name) => {
    const root = posix.join('{workspaceRoot}', projectsConfigurations.projects[name]?.root ?? '');
    const filesets = expand([input], { ...context, projectName: name }, depth + 1);
    return filesets.map((fileset) => (typeof fileset === 'string' ? fileset.replace('{projectRoot}', root) : fileset));
  });
}

/** Whether an absolute path is one of these, below one of them, or matches one that is a pattern; they are relative to the root. */
function pathMatcher(root: string, paths: readonly string[]): (path: string) => boolean {
  const picomatch = createRequire(import.meta.url)('picomatch') as typeof Picomatch;
  const matchers = paths.map((path) => {
    const base = patternBase(path);
    const matches = base === path ? undefined : picomatch(posix.relative(base, path), { dot: true });
    return (other: string): boolean => !isOutside(fromRoot(resolve(root, path), other)) || matches?.(fromRoot(resolve(root, base), other)) === true;
  });
  return (path) => matchers.some((matches) => matches(path));
}

function outputsOfTasksBefore({ taskGraph, projectName, targetName, configurationName }: ExecutorContext): readonly string[] {
  const tasks = Object.values(taskGraph?.tasks ?? {});
  const own = tasks.find(({ target }) => target.project === projectName && target.target === targetName && target.configuration === configurationName);
  // names up to Nx 23, objects from Nx 24
  const dependencies = (own === undefined ? [] : (taskGraph?.dependencies[own.id] ?? [])) as readonly (string | { readonly id: string })[];
  const before = new Set(dependencies.map((dependency) => (typeof dependency === 'string' ? dependency : dependency.id)));
  return tasks.filter(({ id }) => before.has(id)).flatMap(({ outputs }) => outputs);
}
