import type { TargetConfiguration } from '@nx/devkit';
import { readFileSync, realpathSync } from 'node:fs';
import { join, relative } from 'node:path';
import { type FingerprintParts, fingerprintWords, shellWord } from './fingerprint-words.js';
import { ownFile } from './own-file.js';
import { isOutside } from './workspace-path.js';

/** An element of a target's inputs. */
export type Input = NonNullable<TargetConfiguration['inputs']>[number];

const OWN_NAME = '@package-vm/nx';
const LOCK_FILES = ['package-lock.json', 'pnpm-lock.yaml', 'yarn.lock', 'bun.lock'];

/** The command line that runs our `fingerprint.js` from the Nx workspace: the same text in every clone, since it is part of the key. */
export function fingerprintCommand(root: string): string {
  const script = ownFile('dist/fingerprint.js');
  const conventional = `node_modules/${OWN_NAME}/dist/fingerprint.js`;
  const path = realPath(join(root, conventional)) === realPath(script) ? conventional : relative(root, script).replaceAll('\\', '/');
  return `node ${JSON.stringify(path)}`;
}

/**
 * Our own version as inputs: the npm package where a lock file holds us, which Nx then hashes with all our dependencies; else
 * (linked from elsewhere, or not locked: Nx refuses a name that it does not know) a digest of our built files.
 */
export function ownVersionInputs(root: string): readonly Input[] {
  if (isInstalled(root) && isLocked(root)) return [{ externalDependencies: [OWN_NAME] }];
  return [{ externalDependencies: [] }, { runtime: `${fingerprintCommand(root)} self` }];
}

/** What decides a build in a folder and Nx may not hash, as an input. */
export function toolchainInput(command: string, folder: string, parts: Partial<FingerprintParts>): Input {
  return { runtime: [command, 'toolchain', shellWord(folder), ...fingerprintWords(parts).map(shellWord)].join(' ') };
}

/** Files that Nx may not hash, as inputs. */
export function filesInputs(command: string, paths: readonly string[]): readonly Input[] {
  if (paths.length === 0) return [];
  return [{ runtime: [command, 'files', ...fingerprintWords({ paths }).map(shellWord)].join(' ') }];
}

/** What is in folders that a manifest names, by name, as inputs: their files alone are what Nx hashes, or what is refused. */
export function namesInputs(command: string, sources: readonly string[]): readonly Input[] {
  if (sources.length === 0) return [];
  return [{ runtime: [command, 'names', ...new Set(sources.map(shellWord))].join(' ') }];
}

/** The version of the real `ops` as an input: it makes the image. */
export function opsInput(root: string): Input {
  return { runtime: `${fingerprintCommand(root)} ops` };
}

/** Whether a target's inputs hold the version of `ops`. */
export function holdsOps(inputs: TargetConfiguration['inputs']): boolean {
  return (inputs ?? []).some((input) => typeof input === 'object' && 'runtime' in input && /fingerprint\.js"? ops$/.test(input.runtime));
}

function isInstalled(root: string): boolean {
  const folder = realPath(join(root, 'node_modules', OWN_NAME));
  if (folder === undefined) return false;
  const path = relative(realPath(root) ?? root, folder).replaceAll('\\', '/');
  return !isOutside(path) && path.split('/').includes('node_modules');
}

function isLocked(root: string): boolean {
  return LOCK_FILES.some((name) => {
    try {
      return readFileSync(join(root, name), 'utf8').includes(OWN_NAME);
    } catch {
      return false;
    }
  });
}

function realPath(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}
