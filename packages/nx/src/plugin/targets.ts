import type { TargetConfiguration } from '@nx/devkit';
import { realpathSync } from 'node:fs';
import { join, posix, relative } from 'node:path';
import type { Crate } from 'package-vm/light';
import { type SourceInputs, sourceInputs } from './source-inputs.js';
import type { Workspace } from './workspace.js';
import { isOutside, levels, workspaceFile, workspaceFolder } from './workspace-path.js';
import { namedPaths } from './manifest-files.js';
import { fingerprintCommand, opsInput, ownVersionInputs } from './own-version.js';
import type { EngineName, TargetNames } from './plugin-options.js';
import type { PackagedProgram } from './programs.js';

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
    return name === undefined ? [] : [[name, aggregate(all.flatMap(({ names }) => names[target] ?? []))] as const];
  });
  return Object.assign({}, ...all.map(({ targets }) => targets), Object.fromEntries(aggregates)) as Targets;
}

/** The folder of a program's outputs, relative to the Nx workspace. Its folders `bundle` and `image` never overlap: Nx empties an output before it restores it. */
function outputFolder({ pathOf }: Workspace, crate: Crate, program: PackagedProgram): string {
  return posix.join('dist/package-vm', pathOf(crate.folder), program.name);
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

function cargoBuild({ workspace, fingerprint }: TargetContext, { crate, program, sources }: OneProgram): TargetConfiguration {
  const toolchain = [fingerprint, 'toolchain', ...[sources.toolchainFolder, ...sources.unhashed].map(shellWord)].join(' ');
  return {
    executor: '@package-vm/nx:cargo-build',
    options: { ...programOption(program), outputPath: `${outputFolder(workspace, crate, program)}/bundle` },
    cache: true,
    inputs: [...sources.filesets, { runtime: toolchain }, { externalDependencies: [] }],
    outputs: ['{options.outputPath}'],
    metadata: {
      technologies: ['rust'],
      description: `Build ${program.name} with cargo and bundle it with the shared libraries that it needs`,
      help: { command: 'cargo build --help', example: {} },
    },
  };
}

function packageVm({ workspace, engine, ownVersion }: TargetContext, { crate, program, names }: OneProgram): TargetConfiguration {
  const { root } = workspace;
  const output = outputFolder(workspace, crate, program);
  const { files, folders } = namedPaths(join(root, program.manifest));
  const inBase = (paths: readonly string[]): readonly string[] =>
    paths.map((path) => posix.join(program.baseFolder, path)).filter((path) => !isOutside(path));
  const filesets = [
    ...(isOutside(program.manifest) ? [] : [workspaceFile(program.manifest)]),
    '{projectRoot}/Cargo.toml',
    ...(isOutside(program.manifest) ? ['.'] : levels(posix.dirname(program.manifest))).map((level) => workspaceFile(posix.join(level, 'nanos.lock.json'))),
    ...withRealPaths(root, inBase(files)).map(workspaceFile),
    ...withRealPaths(root, inBase(folders)).map(workspaceFolder),
  ];
  return {
    executor: '@package-vm/nx:package-vm',
    options: { ...programOption(program), manifest: program.manifest, bundle: `${output}/bundle`, outputPath: `${output}/image`, ...(engine === undefined ? {} : { engine }) },
    // without the target that makes the bundle nothing tells Nx that the program changed
    cache: names.cargoBuild !== undefined,
    dependsOn: names.cargoBuild === undefined ? [] : [names.cargoBuild],
    inputs: [...new Set(filesets), { dependentTasksOutputFiles: '**/*' }, ...ownVersion, ...(engine === 'ops' ? [opsInput(root)] : [])],
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
    metadata: {
      technologies: ['nanos'],
      description: `Check ${posix.basename(program.manifest)} and print what is found`,
      help: { command: 'package-vm check --help', example: {} },
    },
  };
}

function rehearseVm({ workspace }: TargetContext, { crate, program, names }: OneProgram): TargetConfiguration {
  return {
    executor: '@package-vm/nx:rehearse-vm',
    options: { image: `${outputFolder(workspace, crate, program)}/image` },
    dependsOn: names.packageVm === undefined ? [] : [names.packageVm],
    metadata: {
      technologies: ['nanos'],
      description: `Run ${program.name} out of its image on this machine's Linux, on a task`,
      help: { command: 'package-vm rehearse --help', example: { options: { task: 'task.json' } } },
    },
  };
}

function runVm({ workspace }: TargetContext, { crate, program, names }: OneProgram): TargetConfiguration {
  return {
    executor: '@package-vm/nx:run-vm',
    options: { image: `${outputFolder(workspace, crate, program)}/image` },
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

function programOption({ program }: PackagedProgram): { program?: string } {
  return program === undefined ? {} : { program };
}

/** Paths, each with what it leads to where it is a link: Nx hashes a link by its target's name, the image has the target's content. */
function withRealPaths(root: string, paths: readonly string[]): readonly string[] {
  return paths.flatMap((path) => {
    const real = realPathInside(root, path);
    return real === undefined || real === path ? [path] : [path, real];
  });
}

/** Relative to the root; undefined for what is not there or lies elsewhere. */
function realPathInside(root: string, path: string): string | undefined {
  try {
    const real = relative(realpathSync(root), realpathSync(join(root, path)));
    return isOutside(real) ? undefined : real;
  } catch {
    return undefined;
  }
}

function shellWord(word: string): string {
  return /^[\w./-]+$/.test(word) ? word : JSON.stringify(word);
}
