import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { outsideConfiguration } from './cargo-configuration.js';
import { digestLines, digestTree } from './digests.js';
import { commonLibraries, hostLibraryDigest } from './host-libraries.js';
import { buildVariables } from './variables.js';

export interface ToolchainQuestion {
  readonly workspaceRoot: string;
  /** Where cargo will run, relative to the Nx workspace: rustup and cargo go by it. */
  readonly folder: string;
  /** What the build reads and Nx cannot hash: files and folders, relative to the Nx workspace, and names of this machine's libraries. */
  readonly unhashed: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
}

const RUSTC_TIMEOUT_MS = 60_000;

/**
 * One digest of what decides a build and is no file of the Nx workspace: compiler, C library, variables, configuration. Where
 * no compiler answers it is a different one each time, since what an unknown compiler made must never be taken from a cache.
 */
export async function toolchainFingerprint({ workspaceRoot, folder, unhashed, env }: ToolchainQuestion): Promise<string> {
  const cargoHome = env.CARGO_HOME ?? join(homedir(), '.cargo');
  const rustupHome = env.RUSTUP_HOME ?? join(homedir(), '.rustup');
  const [compiler, configuration] = await Promise.all([
    rustcVersion(resolve(workspaceRoot, folder), env),
    outsideConfiguration(workspaceRoot, resolve(workspaceRoot, cargoHome)),
  ]);
  return digestLines([
    compiler,
    ...[...commonLibraries, ...unhashed.filter(isLibrary)].map((name) => `${name} ${hostLibraryDigest(name) ?? ''}`),
    ...buildVariables(env, { workspace: workspaceRoot, 'cargo-home': cargoHome, 'rustup-home': rustupHome, home: homedir() }),
    ...configuration,
    ...rustupOverrides(rustupHome, workspaceRoot),
    ...unhashed.filter((path) => !isLibrary(path)).flatMap((path) => digestTree(resolve(workspaceRoot, path), path)),
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

function isLibrary(name: string): boolean {
  return !name.includes('/') && name !== '..';
}
