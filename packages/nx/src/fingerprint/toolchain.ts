import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { buildConfiguration } from './cargo-configuration.js';
import { digestInput, digestLines } from './digests.js';
import { FileDigests } from './file-digests.js';
import { commonLibraries, hostLibraryDigest } from './host-libraries.js';
import { readWords } from './fingerprint-words.js';
import { buildVariables } from './variables.js';

export interface ToolchainQuestion {
  readonly workspaceRoot: string;
  /** Where cargo will run, relative to the Nx workspace: rustup and cargo go by it. */
  readonly folder: string;
  /** What the build reads and Nx may not hash, in the words of `fingerprint-words.ts`. */
  readonly unhashed: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly digests?: FileDigests;
}

const RUSTC_TIMEOUT_MS = 60_000;

/**
 * One digest of what decides a build and is no file of the Nx workspace: compiler, C library, variables, configuration. Where
 * no compiler answers it is a different one each time, since what an unknown compiler made must never be taken from a cache.
 */
export async function toolchainFingerprint({ workspaceRoot, folder, unhashed, env, digests = new FileDigests() }: ToolchainQuestion): Promise<string> {
  const cargoHome = env.CARGO_HOME ?? join(homedir(), '.cargo');
  const rustupHome = env.RUSTUP_HOME ?? join(homedir(), '.rustup');
  const { paths, libraries, variables, toolchains } = readWords(unhashed);
  const cwd = resolve(workspaceRoot, folder);
  const [compilers, configuration] = await Promise.all([
    // as rustup does it for `cargo +nightly`
    Promise.all([env, ...toolchains.map((name) => ({ ...env, RUSTUP_TOOLCHAIN: name }))].map((asked) => rustcVersion(cwd, asked))),
    buildConfiguration(workspaceRoot, folder, resolve(workspaceRoot, cargoHome)),
  ]);
  return digestLines([
    ...compilers,
    ...[...commonLibraries, ...libraries].map((name) => `${name} ${hostLibraryDigest(name, digests) ?? ''}`),
    ...buildVariables(env, { workspace: workspaceRoot, 'cargo-home': cargoHome, 'rustup-home': rustupHome, home: homedir() }, variables),
    ...configuration,
    ...rustupOverrides(rustupHome, workspaceRoot),
    ...paths.flatMap((path) => digestInput(workspaceRoot, path, digests)),
  ]);
}

function rustcVersion(cwd: string, env: ToolchainQuestion['env']): Promise<string> {
  return new Promise((answer) => {
    // not through @package-vm/process: it would cost each Nx command 90 ms for the first hash
    execFile(env.RUSTC ?? 'rustc', ['-vV'], { cwd, env, timeout: RUSTC_TIMEOUT_MS, encoding: 'utf8' }, (error, stdout) => {
      answer(error === null ? stdout : `no compiler at ${process.hrtime.bigint().toString()} in ${process.pid}`);
    });
  });
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
