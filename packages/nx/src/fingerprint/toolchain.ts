import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { type CargoConfig, cargoCommand, cargoHomeOf, rustcProgram } from 'package-vm/build-key';
import { type FingerprintParts, readWords } from '../plugin/fingerprint-words.js';
import { unseenChoices } from '../plugin/remembered-inference.js';
import { type Asked, askProgram } from './ask-program.js';
import { buildConfiguration } from './cargo-configuration.js';
import { digestInput, digestLines } from './digests.js';
import { FileDigests } from './file-digests.js';
import { hostLibrariesFor, hostLibraryDigest, isOfToolchain, linkedObjects } from './host-libraries.js';
import { toolIdentity, tools, wrapperIdentity, wrappers } from './named-programs.js';
import { type Environment, buildVariables } from './variables.js';

export interface ToolchainQuestion {
  readonly workspaceRoot: string;
  /** Where cargo will run, relative to the Nx workspace: rustup and cargo go by it. */
  readonly folder: string;
  /** What the build reads and Nx may not hash, in the words of `fingerprint-words.ts`. */
  readonly unhashed: readonly string[];
  readonly env: Environment;
  readonly digests?: FileDigests;
}

/** What decides a build and is no file of the Nx workspace, as lines by kind. They hold values of variables: only digests of them go elsewhere. */
export type ToolchainParts = Readonly<Record<'compilers' | 'linker' | 'libraries' | 'variables' | 'configuration' | 'files', readonly string[]>>;

/** One digest of {@link toolchainParts}. */
export async function toolchainFingerprint(question: ToolchainQuestion): Promise<string> {
  return digestParts(await toolchainParts(question));
}

export function digestParts(parts: ToolchainParts): string {
  return digestLines(Object.values(parts).flat());
}

/**
 * What decides a build and is no file of the Nx workspace: compilers, linker, C library, variables, configuration.
 * Where no compiler answers it is different each time, since what an unknown compiler made must never be taken from a cache.
 */
export async function toolchainParts({ workspaceRoot, folder, unhashed, env, digests = new FileDigests() }: ToolchainQuestion): Promise<ToolchainParts> {
  const cargoHome = resolve(workspaceRoot, folder, cargoHomeOf(env));
  const rustupHome = env.RUSTUP_HOME ?? join(homedir(), '.rustup');
  const parts = readWords(unhashed);
  const asked: Asked = { cwd: resolve(workspaceRoot, folder), env };
  const places = { workspace: workspaceRoot, 'cargo-home': cargoHome, 'rustup-home': rustupHome, home: homedir() };
  const commands = parts.cargoCommands.map((words) => cargoCommand(words, asked.cwd));
  const subcommands = commands.flatMap(({ subcommand }) => subcommand ?? []);
  const { lines, config } = await buildConfiguration({ workspaceRoot, folder, cargoHome, places, configs: commands.flatMap(({ configs }) => configs), subcommands });
  const variables = buildVariables(env, places, [...parts.variables, ...(subcommands.length > 0 ? ['CARGO_ALIAS_*'] : [])]);
  const named = tools(asked, config, [...lines, ...variables]);
  const [compilers, linker, identities] = await Promise.all([
    rustVersions(asked, config, commands.flatMap(({ toolchain }) => toolchain ?? [])),
    linkerLines(asked, parts.targets, digests),
    Promise.all(named.map((tool) => toolIdentity(tool, asked, digests))),
  ]);
  return {
    compilers,
    linker: [...linker, ...identities, ...wrappers(asked, config).map((wrapper) => wrapperIdentity(wrapper, asked, digests))],
    libraries: libraryLines(parts, digests),
    variables,
    configuration: [...lines, ...rustupOverrides(rustupHome, workspaceRoot), ...unseenChoices(workspaceRoot)],
    files: parts.paths.flatMap((path) => digestInput(workspaceRoot, path, digests)),
  };
}

/** Of the folder's compiler and cargo, and of those that a command names, as rustup does it for `cargo +nightly`. */
async function rustVersions({ cwd, env }: Asked, config: CargoConfig, toolchains: readonly string[]): Promise<readonly string[]> {
  const rustc = rustcProgram(env, config);
  const environments = [env, ...toolchains.map((name) => ({ ...env, RUSTUP_TOOLCHAIN: name }))];
  return Promise.all(
    environments.flatMap((own) => [
      askProgram(rustc, ['-vV'], { cwd, env: own }).then((version) => version ?? `no compiler at ${process.hrtime.bigint().toString()} in ${process.pid}`),
      askProgram('cargo', ['-V'], { cwd, env: own }).then((version) => version ?? ''),
    ]),
  );
}

/** What compiles C and links where nothing else is named, and what it links with. */
async function linkerLines(asked: Asked, targets: readonly string[], digests: FileDigests): Promise<readonly string[]> {
  const versionOf = (name: string): Promise<string> => toolIdentity({ name, words: [name], folder: asked.cwd }, asked, digests);
  const linker = askProgram('cc', ['-print-prog-name=ld'], asked).then((path) => versionOf(path?.trim() ?? 'ld'));
  const folders = askProgram('cc', ['-print-search-dirs'], asked).then((text) => /^libraries: =?(.*)$/m.exec(text ?? '')?.[1]?.split(':') ?? []);
  const compilers = ['cc', 'c++', ...(targets.some((target) => target.includes('-musl')) ? ['musl-gcc'] : [])].map(versionOf);
  const objects = isOfToolchain(targets) ? [] : folders.then((places) => linkedObjects(places, digests));
  return [...(await Promise.all([...compilers, linker])), ...(await objects)];
}

function libraryLines({ libraries, targets }: FingerprintParts, digests: FileDigests): readonly string[] {
  return [...hostLibrariesFor(targets), ...libraries].map((name) => `${name} ${hostLibraryDigest(name, digests) ?? ''}`);
}

/** Choices made with `rustup override set` for folders of the Nx workspace: `"<path>" = "<toolchain>"` lines of rustup's settings. */
function rustupOverrides(rustupHome: string, workspaceRoot: string): readonly string[] {
  let text: string;
  try {
    text = readFileSync(join(rustupHome, 'settings.toml'), 'utf8');
  } catch {
    return [];
  }
  return text.split('\n').flatMap((line) => (line.startsWith(`"${workspaceRoot}`) ? [line.slice(1 + workspaceRoot.length)] : [])).sort();
}
