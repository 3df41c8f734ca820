import { PackageVmError } from '@package-vm/errors';
import { dirname, join } from 'node:path';
import { buildEnvironment } from './build-environment.js';
import { type BuildFacts } from './build-facts.js';
import { cargoFailure } from './cargo-failure.js';
import { type CargoMessage } from './cargo-messages.js';
import { type CargoPackage } from './cargo-package.js';
import { type Environment, runCargo } from './run-cargo.js';

export interface BuildProgramOptions {
  /** The package, its `program` is built. */
  readonly package: CargoPackage;
  /** Cargo profile; default `release`. */
  readonly profile?: string | undefined;
  /** Target triple; default: what cargo's configuration says, else the machine's. */
  readonly target?: string | undefined;
  readonly features?: readonly string[] | undefined;
  readonly noDefaultFeatures?: boolean | undefined;
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
}

/**
 * Builds a program as `cargo build --release --locked` does, with the user's compiler flags and the machine's folder names
 * kept out of it (`machine-folders.ts`).
 *
 * @throws PVM_COMPILE_FAILED, PVM_CARGO_LOCK, PVM_CARGO_FAILED, PVM_MISSING_TOOL, PVM_CANCELLED
 */
export async function buildProgram(options: BuildProgramOptions): Promise<CargoBuild> {
  const { package: built, signal } = options;
  const { env, rustc, target } = await buildEnvironment({
    package: built,
    target: options.target,
    sourceRoot: options.workspaceRoot ?? built.workspaceRoot,
    env: options.env ?? process.env,
    signal,
  });
  const messages = await runBuild(cargoArguments(options), options, env);
  const artifact = findArtifact(messages, built);
  const { executable: programPath } = artifact;
  return {
    programPath,
    buildFacts: { package: built.name, target, profile: options.profile ?? 'release', features: [...artifact.features].sort(), rustc: rustc.version },
    linkedPaths: [
      ...new Set([
        ...messages.flatMap((message) => (message.reason === 'build-script-executed' ? message.linked_paths : [])).map(withoutKind),
        // where cargo looks when it runs a program (https://doc.rust-lang.org/cargo/reference/environment-variables.html#dynamic-library-paths)
        join(dirname(programPath), 'deps'),
        dirname(programPath),
        join(rustc.sysroot, 'lib/rustlib', target, 'lib'),
      ]),
    ],
  };
}

function cargoArguments({ package: built, profile = 'release', target, features = [], noDefaultFeatures = false }: BuildProgramOptions): readonly string[] {
  return [
    'build',
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

async function runBuild(args: readonly string[], { package: built, signal, onOutput }: BuildProgramOptions, env: Environment): Promise<readonly CargoMessage[]> {
  const { parseCargoMessage } = await import('./cargo-messages.js');
  const messages: CargoMessage[] = [];
  const result = await runCargo({
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
  const { outputTail } = await import('@package-vm/process');
  throw cargoFailure({ package: built, command: ['cargo', ...args].join(' '), ...result, tail: outputTail(result.stderr) });
}

type Artifact = Extract<CargoMessage, { reason: 'compiler-artifact' }> & { readonly executable: string };

function findArtifact(messages: readonly CargoMessage[], { name, program }: CargoPackage): Artifact {
  const artifacts = messages.filter(
    (message): message is Artifact =>
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

/** Build scripts name folders as `native=/path`, `all=/path` or plainly. */
function withoutKind(linkedPath: string): string {
  return linkedPath.replace(/^(?:dependency|crate|native|framework|all)=/, '');
}
