import type { TargetConfiguration } from '@nx/devkit';
import { join, posix } from 'node:path';
import { type Crate, outputFolder } from 'package-vm/light';
import { type SourceInputs, sourceInputs } from './source-inputs.js';
import type { Workspace } from './workspace.js';
import { isOutside, levels, patternBase, workspaceFile, workspaceFolder } from './workspace-path.js';
import { type NamedPaths, namedPaths } from './manifest-files.js';
import { type Input, filesInputs, fingerprintCommand, namesInputs, opsInput, ownVersionInputs, toolchainInput } from './own-version.js';
import type { InputTask } from './settings-paths.js';
import type { EngineName, TargetNames } from './plugin-options.js';
import type { PackagedProgram, ProgramVariant } from './programs.js';

type Targets = Readonly<Record<string, TargetConfiguration>>;

/** What the targets of every project share. */
export interface TargetContext {
  readonly workspace: Workspace;
  readonly names: TargetNames;
  readonly engine: EngineName | undefined;
  readonly fingerprint: string;
  readonly ownVersion: ReturnType<typeof ownVersionInputs>;
}

export function targetContext(workspace: Workspace, names: TargetNames, engine?: EngineName): TargetContext {
  return { workspace, names, engine, fingerprint: fingerprintCommand(workspace.root), ownVersion: ownVersionInputs(workspace.root) };
}

/** The targets of a crate with these programs. Those of several carry the program's name, and the plain name stands for all of them. */
export function crateTargets(context: TargetContext, crate: Crate, programs: readonly PackagedProgram[]): Targets {
  const [only, second] = programs;
  if (only === undefined) return {};
  const sources = sourceInputs(context.workspace, crate);
  if (second === undefined) return programTargets(context, { crate, program: only, sources, names: context.names });
  const all = programs.map((program) => {
    const rename = (name: string | undefined): string | undefined => (name === undefined ? undefined : `${name}--${program.name}`);
    const { cargoBuild, packageVm, checkManifest, rehearseVm, runVm } = context.names;
    const names = { cargoBuild: rename(cargoBuild), packageVm: rename(packageVm), checkManifest: rename(checkManifest), rehearseVm: rename(rehearseVm), runVm: rename(runVm) };
    return { names, targets: programTargets(context, { crate, program, sources, names }) };
  });
  const aggregates = (['cargoBuild', 'packageVm', 'checkManifest'] as const).flatMap((target) => {
    const name = context.names[target];
    return name === undefined ? [] : [[name, { ...aggregate(all.flatMap(({ names }) => names[target] ?? [])), ...configurations(only, () => ({})) }] as const];
  });
  return Object.assign({}, ...all.map(({ targets }) => targets), Object.fromEntries(aggregates)) as Targets;
}

function outputOf({ pathOf }: Workspace, { crate, program }: OneProgram, variant?: string): string {
  return outputFolder({ projectRoot: pathOf(crate.folder), program: program.name, variant });
}

interface OneProgram {
  readonly crate: Crate;
  readonly program: PackagedProgram;
  readonly sources: SourceInputs;
  readonly names: TargetNames;
}

function programTargets(context: TargetContext, one: OneProgram): Targets {
  const { names } = one;
  const entries: readonly (readonly [string | undefined, () => TargetConfiguration])[] = [
    [names.cargoBuild, () => cargoBuild(context, one)],
    [names.packageVm, () => packageVm(context, one)],
    [names.checkManifest, () => checkManifest(one)],
    [names.rehearseVm, () => rehearseVm(context, one)],
    [names.runVm, () => runVm(context, one)],
  ];
  return Object.fromEntries(entries.flatMap(([name, make]) => (name === undefined ? [] : [[name, make()]])));
}

function cargoBuild({ workspace, fingerprint, ownVersion }: TargetContext, one: OneProgram): TargetConfiguration {
  const { program, sources } = one;
  const { variables, commands, tasks } = sources.named;
  return {
    executor: '@package-vm/nx:cargo-build',
    options: { ...programOption(program), outputPath: `${outputOf(workspace, one)}/bundle` },
    ...configurations(program, ({ name }) => ({ variant: name, outputPath: `${outputOf(workspace, one, name)}/bundle` })),
    cache: true,
    ...(tasks.length === 0 ? {} : { dependsOn: dependencies(tasks) }),
    inputs: [
      ...sources.filesets,
      toolchainInput(fingerprint, sources.toolchainFolder, sources.fingerprint),
      ...variables.filter((name) => !name.includes('*')).map((env) => ({ env })),
      ...commands.map((runtime) => ({ runtime })),
      ...[...new Set(tasks.map(({ files }) => files))].map((files) => ({ dependentTasksOutputFiles: files })),
      // the bundle is our output too: which libraries, where, with which flags
      ...ownVersion,
    ],
    outputs: ['{options.outputPath}'],
    metadata: {
      technologies: ['rust'],
      description: `Build ${program.name} with cargo and bundle it with the shared libraries that it needs`,
      help: { command: 'cargo build --help', example: {} },
    },
  };
}

function packageVm({ workspace, engine, ownVersion, fingerprint }: TargetContext, one: OneProgram): TargetConfiguration {
  const { program, names, sources } = one;
  const { root } = workspace;
  const output = outputOf(workspace, one);
  const { tasks } = sources.named;
  const manifests = [program, ...program.variants];
  const paths = manifests.map(({ manifest, baseFolder }) => inFolder(baseFolder, namedPaths(join(root, manifest))));
  const [files, folders, folderSources] = [paths.flatMap((named) => named.files), paths.flatMap((named) => named.folders), paths.flatMap((named) => named.sources)];
  const filesets = [
    ...manifests.flatMap(({ manifest }) => (isOutside(manifest) ? [] : [workspaceFile(manifest)])),
    '{projectRoot}/Cargo.toml',
    ...manifests.flatMap(({ manifest }) => (isOutside(manifest) ? ['.'] : levels(posix.dirname(manifest)))).map((level) => workspaceFile(posix.join(level, 'nanos.lock.json'))),
    ...withRealPaths(workspace, files).map(workspaceFile),
    ...withRealPaths(workspace, folders).map(workspaceFolder),
  ];
  const inputs: readonly Input[] = [
    ...new Set(filesets),
    ...filesInputs(fingerprint, sources.named.paths.filter((path) => [...files, ...folders].some((named) => overlap(path, named)))),
    ...namesInputs(fingerprint, folderSources),
    { dependentTasksOutputFiles: '**/*' },
    ...ownVersion,
    ...(engine === 'ops' ? [opsInput(root)] : []),
  ];
  return {
    executor: '@package-vm/nx:package-vm',
    options: { ...programOption(program), manifest: program.manifest, bundle: `${output}/bundle`, outputPath: `${output}/image`, ...(engine === undefined ? {} : { engine }) },
    ...configurations(program, ({ name, manifest }) => {
      const folder = outputOf(workspace, one, name);
      return { variant: name, manifest, bundle: `${folder}/bundle`, outputPath: `${folder}/image` };
    }),
    // without the target that makes the bundle nothing tells Nx that the program changed
    cache: names.cargoBuild !== undefined,
    dependsOn: [...(names.cargoBuild === undefined ? [] : [names.cargoBuild]), ...dependencies(tasks)],
    inputs: [...inputs],
    outputs: ['{options.outputPath}'],
    metadata: {
      technologies: ['rust', 'nanos'],
      description: `Package ${program.name} as a bootable Nanos disk image`,
      help: { command: 'package-vm build --help', example: {} },
    },
  };
}

function checkManifest({ program }: OneProgram): TargetConfiguration {
  return {
    executor: '@package-vm/nx:check-manifest',
    options: { ...programOption(program), manifest: program.manifest },
    ...configurations(program, ({ name, manifest }) => ({ variant: name, manifest })),
    metadata: {
      technologies: ['nanos'],
      description: `Check ${posix.basename(program.manifest)} and print what is found`,
      help: { command: 'package-vm check --help', example: {} },
    },
  };
}

function rehearseVm({ workspace }: TargetContext, one: OneProgram): TargetConfiguration {
  const { program, names } = one;
  return {
    executor: '@package-vm/nx:rehearse-vm',
    options: { image: `${outputOf(workspace, one)}/image` },
    ...configurations(program, ({ name }) => ({ image: `${outputOf(workspace, one, name)}/image` })),
    dependsOn: names.packageVm === undefined ? [] : [names.packageVm],
    metadata: {
      technologies: ['nanos'],
      description: `Run ${program.name} out of its image on this machine's Linux, on a task`,
      help: { command: 'package-vm rehearse --help', example: { options: { task: 'task.json' } } },
    },
  };
}

function runVm({ workspace }: TargetContext, one: OneProgram): TargetConfiguration {
  const { program, names } = one;
  return {
    executor: '@package-vm/nx:run-vm',
    options: { image: `${outputOf(workspace, one)}/image` },
    ...configurations(program, ({ name }) => ({ image: `${outputOf(workspace, one, name)}/image` })),
    dependsOn: names.packageVm === undefined ? [] : [names.packageVm],
    metadata: {
      technologies: ['nanos'],
      description: `Boot the image of ${program.name} in QEMU as a Gevulot node does, on a task`,
      help: { command: 'package-vm run --help', example: { options: { task: 'task.json' } } },
    },
  };
}

function aggregate(dependsOn: readonly string[]): TargetConfiguration {
  return { executor: 'nx:noop', dependsOn: [...dependsOn], metadata: { description: `Run ${dependsOn.join(' and ')}` } };
}

/** Each variant as a configuration; Nx hands it on to the targets that one depends on. */
function configurations({ variants }: PackagedProgram, optionsOf: (variant: ProgramVariant) => object): Pick<TargetConfiguration, 'configurations'> {
  return variants.length === 0 ? {} : { configurations: Object.fromEntries(variants.map((variant) => [variant.name, optionsOf(variant)])) };
}

function dependencies(tasks: readonly InputTask[]): NonNullable<TargetConfiguration['dependsOn']> {
  return tasks.map(({ project, target }) => ({ projects: [project], target }));
}

/** Paths of the Nx workspace that a manifest names. */
function inFolder(folder: string, { files, folders, sources }: NamedPaths): NamedPaths {
  const inside = (paths: readonly string[]): readonly string[] => paths.map((path) => posix.join(folder, path)).filter((path) => !isOutside(path));
  return { files: inside(files), folders: inside(folders), sources: inside(sources) };
}

/** Whether a path or pattern may have something in common with a file or a folder. */
function overlap(pattern: string, path: string): boolean {
  const [a, b] = [`${patternBase(pattern)}/`, `${path}/`];
  return a.startsWith(b) || b.startsWith(a) || a === './';
}

function programOption({ program }: PackagedProgram): { program?: string } {
  return program === undefined ? {} : { program };
}

/** Paths, each with what it leads to where it is a link: Nx hashes a link by its target's name, the image has the target's content. */
function withRealPaths({ realPathOf }: Workspace, paths: readonly string[]): readonly string[] {
  return paths.flatMap((path) => {
    const real = realPathOf(path);
    return real === null || real === path ? [path] : [path, real];
  });
}
