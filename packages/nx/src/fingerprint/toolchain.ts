import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { outsideConfiguration } from './cargo-configuration.js';
import { digestFile, digestLines, digestTree } from './digests.js';
import { buildVariables } from './variables.js';

export interface ToolchainQuestion {
  readonly workspaceRoot: string;
  /** Where cargo will run, relative to the Nx workspace: rustup and cargo go by it. */
  readonly folder: string;
  /** Folders outside the Nx workspace with sources that the build reads, relative to it. */
  readonly outside: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
}

const RUSTC_TIMEOUT_MS = 60_000;

/** Libraries of the host that nearly every program is bundled with, besides the loader. */
const LIBRARIES = ['libc.so.6', 'libm.so.6', 'libgcc_s.so.1', 'libstdc++.so.6', 'libpthread.so.0', 'libdl.so.2', 'librt.so.1'];
const LIBRARY_FOLDERS = ['/lib/x86_64-linux-gnu', '/usr/lib/x86_64-linux-gnu', '/lib64', '/usr/lib64', '/usr/lib'];
const LOADER = '/lib64/ld-linux-x86-64.so.2';

/**
 * One digest of what decides a build and is no file of the Nx workspace: compiler, C library, variables, configuration. Where
 * no compiler answers it is a different one each time, since what an unknown compiler made must never be taken from a cache.
 */
export async function toolchainFingerprint({ workspaceRoot, folder, outside, env }: ToolchainQuestion): Promise<string> {
  const cargoHome = env.CARGO_HOME ?? join(homedir(), '.cargo');
  const rustupHome = env.RUSTUP_HOME ?? join(homedir(), '.rustup');
  const [compiler, configuration] = await Promise.all([
    rustcVersion(resolve(workspaceRoot, folder), env),
    outsideConfiguration(workspaceRoot, resolve(workspaceRoot, cargoHome)),
  ]);
  return digestLines([
    compiler,
    ...hostLibraries(),
    ...buildVariables(env, { workspace: workspaceRoot, 'cargo-home': cargoHome, 'rustup-home': rustupHome, home: homedir() }),
    ...configuration,
    ...rustupOverrides(rustupHome, workspaceRoot),
    ...outside.flatMap((path) => digestTree(resolve(workspaceRoot, path), path)),
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

function hostLibraries(): readonly string[] {
  const find = (name: string): string => LIBRARY_FOLDERS.map((folder) => digestFile(join(folder, name))).find((digest) => digest !== undefined) ?? '';
  return [digestFile(LOADER) ?? '', ...LIBRARIES.map(find)];
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
