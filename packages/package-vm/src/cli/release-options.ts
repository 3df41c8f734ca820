import { type Command } from 'commander';
import { resolve } from 'node:path';
import { type LocateOptions } from '../nanos-release/locate-release.js';
import { findLockFile } from '../nanos-release/lock-file.js';
import { type Terminal } from './terminal.js';

export interface ReleaseFlags {
  readonly nanosVersion?: string;
  readonly nanosDir?: string;
  readonly offline?: boolean;
}

/** Adds the options that choose a Nanos release. */
export function addReleaseOptions(command: Command): Command {
  return command
    .option('--nanos-version <version>', 'Nanos release to use, e.g. 0.1.54 (default: the settings, then the only one in nanos.lock.json)')
    .option('--nanos-dir <folder>', 'use the release in this folder: boot.img, kernel.img, klibs/; `--nanos-version` then only says which it is')
    .option('--offline', 'never use the network');
}

/** What the flags say, with the lock file that holds for a folder. */
export function releaseOptions(flags: ReleaseFlags, folder: string, terminal: Terminal): LocateOptions {
  return {
    version: flags.nanosVersion,
    nanosDir: flags.nanosDir === undefined ? undefined : resolve(terminal.cwd, flags.nanosDir),
    lockFile: findLockFile(folder),
    offline: flags.offline,
  };
}
