import { PackageVmError } from '@package-vm/errors';
import { type Finding } from '@package-vm/manifest';
import { type Command, Option } from 'commander';
import { statSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { type BuildProgress } from '../build/build-image.js';
import { type Bundle } from '../bundle/bundle.js';
import { locateRelease } from '../nanos-release/locate-release.js';
import { findWorkspaceRoot } from '../project/find-workspace-root.js';
import { outputFolder } from '../project/output-folder.js';
import { type Project, type ProjectOptions, judgeFindings, readProject } from '../project/read-project.js';
import { type CommandContext } from './command-context.js';
import { fromHere } from './from-here.js';
import { writeJson } from './json.js';
import { planToJson } from './plan-to-json.js';
import { showProgress } from './progress.js';
import { type ReleaseFlags, addReleaseOptions, releaseOptions } from './release-options.js';
import { showFindings } from './show-findings.js';
import { type Terminal } from './terminal.js';

interface BuildFlags extends ReleaseFlags {
  readonly config?: string;
  readonly output?: string;
  readonly program?: string;
  readonly bin?: string;
  readonly platform?: 'gevulot' | 'nanos';
  readonly target?: string;
  readonly variant?: string;
  readonly engine: 'builtin' | 'ops';
  readonly verbose?: boolean;
  readonly dryRun?: boolean;
  readonly sync?: boolean;
  readonly json?: boolean;
}

/** `package-vm build`: in the words of `ops build`, plus what a crate needs. */
export function registerBuild(program: Command, context: CommandContext): void {
  const command = program
    .command('build')
    .description('Make a bootable image of a program.')
    .argument('[program]', 'the built program, or a crate: its folder or Cargo.toml (default: the crate in this folder)')
    .option('-c, --config <manifest>', 'the manifest (default: `<program>.vm.json` or `vm.json` beside Cargo.toml)')
    .option('-o, --output <image>', 'where the image goes (default: beside the built program; for a crate in dist/package-vm)')
    .option('--program <file>', 'package this program, built elsewhere, as that of the crate')
    .option('--bin <name>', 'which program of the crate')
    .option('--target <triple>', 'build the crate for this target, e.g. x86_64-unknown-linux-musl')
    .option('--variant <name>', 'one of the variants of the settings')
    .addOption(new Option('--platform <platform>', 'where the image will run (default: the settings, then gevulot)').choices(['gevulot', 'nanos']))
    .addOption(new Option('--engine <engine>', 'what makes the image: our own writer, or the real ops').choices(['builtin', 'ops']).default('builtin'))
    .option('--dry-run', 'print the plan of the image and write nothing')
    .option('--sync', 'wait until the image is on the disk')
    .option('--verbose', 'show the command of the engine `ops`, and keep what it takes to run it by hand')
    .option('--json', 'print the outcome as JSON');
  addReleaseOptions(command).action((path: string | undefined, flags: BuildFlags) => runBuild(path, flags, context));
}

async function runBuild(path: string | undefined, flags: BuildFlags, context: CommandContext): Promise<void> {
  const { terminal } = context;
  const { project, bundle, outputPath } = await prepare(path, flags, context);
  const show = (findings: readonly Finding[]): void => {
    showFindings(fromHere(findings, terminal.cwd, (file) => resolve(project.workspaceRoot, file)), terminal);
  };
  const progress = showProgress(terminal);
  const options = {
    project,
    bundle,
    outputPath,
    engine: flags.engine,
    ops: { onCommand: flags.verbose === true ? terminal.note.bind(terminal) : undefined },
    release: releaseOptions(flags, dirname(project.manifestPath), terminal),
    sync: flags.sync ?? false,
    signal: terminal.signal,
    onProgress: (event: BuildProgress) => {
      if (event.step === 'write') progress.update('Writing the image', event.doneBytes ?? 0, event.totalBytes ?? 0);
    },
  };
  const { buildImage, planImage } = await import('../build/build-image.js');
  if (flags.dryRun === true) {
    const plan = await planImage(options);
    show(plan.findings);
    await writeJson(terminal, planToJson(plan));
    return;
  }
  const built = await buildImage(options).finally(() => {
    progress.stop();
  });
  show(built.findings);
  if (flags.json === true) {
    const { imagePath, resultPath, sizeBytes, sha256, blake3, findings } = built;
    await writeJson(terminal, { imagePath, resultPath, sizeBytes, sha256, blake3, findings });
    return;
  }
  await terminal.out(`Bootable image file:${built.imagePath}\n`);
}

interface Prepared {
  readonly project: Project;
  readonly bundle: Bundle;
  readonly outputPath: string;
}

function prepare(path: string | undefined, flags: BuildFlags, context: CommandContext): Promise<Prepared> {
  const { terminal } = context;
  const given = path === undefined ? undefined : resolve(terminal.cwd, path);
  const isCrate = given === undefined || basename(given) === 'Cargo.toml' || statSync(given, { throwIfNoEntry: false })?.isDirectory() === true;
  const crate = given !== undefined && basename(given) === 'Cargo.toml' ? dirname(given) : given;
  const builtElsewhere = flags.program === undefined ? undefined : resolve(terminal.cwd, flags.program);
  const manifestPath = flags.config === undefined ? undefined : resolve(terminal.cwd, flags.config);
  const common = { manifestPath, platform: flags.platform, variant: flags.variant };
  if (!isCrate) {
    if (builtElsewhere !== undefined) throw new PackageVmError('PVM_BAD_USAGE', `\`--program\` goes with a crate, but \`${given}\` is a file`, { hint: 'Give the program once.' });
    const folder = dirname(manifestPath ?? given);
    context.root = findWorkspaceRoot(folder);
    return prepareProgram(given, { ...common, folder, program: basename(given) }, flags, terminal);
  }
  const folder = crate ?? (manifestPath === undefined ? terminal.cwd : dirname(manifestPath));
  context.root = findWorkspaceRoot(folder);
  if (builtElsewhere !== undefined) return prepareProgram(builtElsewhere, { ...common, folder, program: flags.bin }, flags, terminal);
  return prepareCrate({ ...common, folder, program: flags.bin }, flags, terminal);
}

/** A program that is there already. */
async function prepareProgram(programPath: string, options: ProjectOptions, flags: BuildFlags, terminal: Terminal): Promise<Prepared> {
  const project = await readProject(options);
  const { collectBundle } = await import('../bundle/collect-bundle.js');
  const { sysroot, extraLibraries } = project.settings;
  const bundle = await collectBundle({
    programPath,
    name: project.program,
    sysroot: sysroot === undefined ? undefined : resolve(project.crateFolder ?? project.baseFolder, sysroot),
    extraLibraries,
    baseFolder: project.crateFolder ?? project.baseFolder,
  });
  const outputPath = flags.output === undefined ? join(dirname(programPath), `${project.program}.img`) : resolve(terminal.cwd, flags.output);
  return { project, bundle, outputPath };
}

/** A crate, which cargo builds first. */
async function prepareCrate(options: ProjectOptions, flags: BuildFlags, terminal: Terminal): Promise<Prepared> {
  const [{ findPackage }, { buildBundle }] = await Promise.all([import('../cargo/find-package.js'), import('../bundle/build-bundle.js')]);
  const { program, folder } = await findPackage({ path: options.folder, program: options.program, signal: terminal.signal });
  const project = await readProject({ ...options, folder, program });
  // neither a mistake in the manifest nor a release that is not there is news for the end of a long build
  await judgeFindings(project, project.findings);
  const release = releaseOptions(flags, dirname(project.manifestPath), terminal);
  await locateRelease({ ...release, version: release.version ?? project.settings.nanosVersion, signal: terminal.signal });
  const output = join(project.workspaceRoot, outputFolder({ projectRoot: relative(project.workspaceRoot, folder), program, variant: flags.variant }));
  const bundle = await buildBundle({
    path: folder,
    program,
    settings: { ...project.settings, ...(flags.target === undefined ? {} : { target: flags.target }) },
    outputFolder: join(output, 'bundle'),
    workspaceRoot: project.workspaceRoot,
    signal: terminal.signal,
    onProgress: (message: string) => {
      terminal.note(message);
    },
    onOutput: (text: string | Uint8Array) => {
      terminal.pass(text);
    },
  });
  return { project, bundle, outputPath: flags.output === undefined ? join(output, 'image', `${program}.img`) : resolve(terminal.cwd, flags.output) };
}
