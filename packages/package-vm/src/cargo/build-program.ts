import { PackageVmError } from '@package-vm/errors';
import { outputTail } from '@package-vm/process';
import { dirname, join } from 'node:path';
import { buildEnvironment } from './build-environment.js';
import { type BuildFacts } from './build-facts.js';
import { cargoFailure } from './cargo-failure.js';
import { type CargoCommand, cargoCommand } from './cargo-command.js';
import { type ArtifactMessage, type CargoMessage } from './cargo-messages.js';
import { type CargoConfig, tableIn } from './cargo-config.js';
import { type CargoPackage } from './cargo-package.js';
import { pathOnThisMachine } from './container-paths.js';
import { withoutKind } from './linked-libraries.js';
import { type Environment, runRustTool } from './run-cargo.js';

export interface BuildProgramOptions {
  /** The package, its `program` is built. */
  readonly package: CargoPackage;
  /** Cargo profile; default `release`. */
  readonly profile?: string | undefined;
  /** Target triple; default: what cargo's configuration says, else the machine's. */
  readonly target?: string | undefined;
  readonly features?: readonly string[] | undefined;
  readonly noDefaultFeatures?: boolean | undefined;
  /** What takes the place of `cargo`, see `cargo-command.ts`. */
  readonly cargoCommand?: readonly string[] | undefined;
  /** The folder that programs know as `/src`: the Nx workspace; default: the cargo workspace. */
  readonly workspaceRoot?: string | undefined;
  /** The whole environment of cargo; default: this process's. */
  readonly env?: Environment | undefined;
  /** What cargo and rustc say, as it comes. */
  readonly onOutput?: ((text: string) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface CargoBuild {
  /** In cargo's target folder: another build may replace it. */
  readonly programPath: string;
  readonly buildFacts: BuildFacts;
  /** Folders in which cargo found shared libraries: of build scripts, of the crates, of the toolchain. */
  readonly linkedPaths: readonly string[];
  /** What `readSources` goes by. */
  readonly trace: BuildTrace;
}

/** What cargo said of a build, and where it keeps things. */
export interface BuildTrace {
  readonly package: CargoPackage;
  readonly messages: readonly CargoMessage[];
  readonly programPath: string;
  /** The Nx workspace, or what else holds the sources. */
  readonly sourceRoot: string;
  readonly cargoHome: string;
  readonly sysroot: string;
  /** Files beside the sources that are read: a wrapper script, what flags name. Cargo's configuration is in the key by what it says. */
  readonly otherFiles: readonly string[];
  /** Variables that cargo's configuration sets whatever the environment says. */
  readonly forcedVariables: readonly string[];
}

/**
 * Builds a program as `cargo build --release --locked` does, with the user's compiler flags and the machine's folder names
 * kept out of it (`machine-folders.ts`).
 *
 * @throws PVM_COMPILE_FAILED, PVM_CARGO_LOCK, PVM_CARGO_FAILED, PVM_WRONG_TARGET, PVM_NATIVE_CPU, PVM_MISSING_TOOL, PVM_CANCELLED
 */
export async function buildProgram(options: BuildProgramOptions): Promise<CargoBuild> {
  const { package: built, signal } = options;
  const sourceRoot = options.workspaceRoot ?? built.workspaceRoot;
  const command = cargoCommand(options.cargoCommand, built.folder);
  const { env, rustc, target, cargoHome, config, namedFiles } = await buildEnvironment({ package: built, target: options.target, command, sourceRoot, env: options.env ?? process.env, signal });
  const messages = await runBuild(command, options, env);
  const artifact = findArtifact(messages, built);
  const programPath = pathOnThisMachine(artifact.executable, built);
  const messageFolders = messages.flatMap((message) => (message.reason === 'build-script-executed' ? message.linked_paths : []));
  return {
    programPath,
    buildFacts: { package: built.name, target, profile: options.profile ?? 'release', features: [...artifact.features].sort(), rustc: rustc.version },
    linkedPaths: [
      ...new Set([
        ...messageFolders.map((path) => pathOnThisMachine(withoutKind(path), built)),
        // where cargo looks when it runs a program (https://doc.rust-lang.org/cargo/reference/environment-variables.html#dynamic-library-paths)
        join(dirname(programPath), 'deps'),
        dirname(programPath),
        join(rustc.sysroot, 'lib/rustlib', target, 'lib'),
      ]),
    ],
    trace: {
      package: built,
      messages,
      programPath,
      sourceRoot,
      cargoHome,
      sysroot: rustc.sysroot,
      otherFiles: [...namedFiles, ...(command.file === undefined ? [] : [command.file])],
      forcedVariables: forcedVariables(config),
    },
  };
}

function cargoArguments({ package: built, profile = 'release', target, features = [], noDefaultFeatures = false }: BuildProgramOptions): readonly string[] {
  return [
    ...(profile === 'release' ? ['--release'] : ['--profile', profile]),
    '--locked',
    '--message-format=json-render-diagnostics',
    '--manifest-path',
    built.manifestPath,
    '-p',
    built.spec,
    '--bin',
    built.program,
    ...(target === undefined ? [] : ['--target', target]),
    ...(features.length === 0 ? [] : ['--features', features.join(',')]),
    ...(noDefaultFeatures ? ['--no-default-features'] : []),
  ];
}

async function runBuild(command: CargoCommand, options: BuildProgramOptions, env: Environment): Promise<readonly CargoMessage[]> {
  const { package: built, signal, onOutput } = options;
  const args = [...command.args, ...cargoArguments(options)];
  const { parseCargoMessage } = await import('./cargo-messages.js');
  const messages: CargoMessage[] = [];
  const result = await runRustTool(command.program, {
    args,
    folder: built.folder,
    env,
    signal,
    onOutput,
    onLine: (line) => {
      const message = parseCargoMessage(line);
      if (message !== undefined) messages.push(message);
      // what a procedural macro prints comes between the messages
      else if (!line.startsWith('{"reason":')) onOutput?.(`${line}\n`);
    },
  });
  if (result.exitCode === 0) return messages;
  throw cargoFailure({ package: built, command: [command.program, ...args].join(' '), ...result, tail: outputTail(result.stderr) });
}

type ProgramMessage = ArtifactMessage & { readonly executable: string };

function findArtifact(messages: readonly CargoMessage[], { name, program }: CargoPackage): ProgramMessage {
  const artifacts = messages.filter(
    (message): message is ProgramMessage =>
      message.reason === 'compiler-artifact' && message.target.name === program && message.target.kind.includes('bin') && typeof message.executable === 'string',
  );
  const [artifact, second] = artifacts;
  if (artifact === undefined) throw new PackageVmError('PVM_CARGO_FAILED', `cargo built the package \`${name}\` and named no program \`${program}\``);
  if (second !== undefined) {
    throw new PackageVmError('PVM_CARGO_FAILED', `cargo built \`${program}\` for ${artifacts.length} targets, expected one`, {
      hint: 'Set `target` to the one that the image is for.',
    });
  }
  return artifact;
}

/** Of `[env]`, where `force` puts the configuration before the environment. */
function forcedVariables({ files, commandLine }: CargoConfig): readonly string[] {
  const entries = [files, commandLine].flatMap((config) => Object.entries(tableIn(config, 'env')));
  return entries.filter(([, value]) => typeof value === 'object' && value !== null && 'force' in value && value.force === true).map(([name]) => name);
}
