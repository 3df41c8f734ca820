import { type Command } from 'commander';
import { dirname, relative, resolve } from 'node:path';
import { installRelease } from '../nanos-release/install-release.js';
import { type ListedRelease, listReleases } from '../nanos-release/list-releases.js';
import { locateRelease } from '../nanos-release/locate-release.js';
import { findLockFile } from '../nanos-release/lock-file.js';
import { lockRelease } from '../nanos-release/lock-release.js';
import { type LockedRelease } from '../nanos-release/install-release.js';
import { type ReleaseProgress } from '../nanos-release/release-progress.js';
import { recommendedVersion } from '../nanos-release/release-version.js';
import { type CommandContext } from './command-context.js';
import { writeJson } from './json.js';
import { showProgress } from './progress.js';
import { type ReleaseFlags, addReleaseOptions, releaseOptions } from './release-options.js';
import { type Terminal } from './terminal.js';

interface NanosFlags extends ReleaseFlags {
  readonly mirror?: string;
  readonly json?: boolean;
}

/** `package-vm nanos`: the Nanos releases of this machine and of the lock. */
export function registerNanos(program: Command, { terminal }: CommandContext): void {
  const nanos = program.command('nanos').description('Install, lock and find Nanos releases.');
  const lockFile = (): string => findLockFile(terminal.cwd);

  nanos
    .command('install')
    .description('Download a release once into the cache and lock it.')
    .argument('[version]', 'three numbers', recommendedVersion)
    .option('--mirror <url>', 'download from here instead of the official place')
    .option('--json', 'print as JSON')
    .action(async (version: string, flags: NanosFlags) => {
      const progress = showProgress(terminal);
      const onProgress = (event: ReleaseProgress): void => {
        if (event.step === 'downloading') progress.update(`Downloading Nanos ${version}`, event.receivedBytes, event.totalBytes ?? 0);
        else if (event.step === 'waiting') terminal.note(`Waiting for another process that downloads Nanos ${version}`);
      };
      const release = await installRelease({ version, baseUrl: flags.mirror, lockFile: lockFile(), signal: terminal.signal, onProgress }).finally(() => {
        progress.stop();
      });
      await tellLocked(release, lockFile(), flags, terminal);
    });

  nanos
    .command('lock')
    .description('Lock a release of the cache, or of a folder, as it is now.')
    .argument('[version]', 'one of the cache; with --nanos-dir, what to call a folder that does not tell its version')
    .option('--nanos-dir <folder>', 'lock the release in this folder')
    .option('--json', 'print as JSON')
    .action(async (version: string | undefined, flags: NanosFlags) => {
      const nanosDir = flags.nanosDir === undefined ? undefined : resolve(terminal.cwd, flags.nanosDir);
      const release = await lockRelease({ version, nanosDir, lockFile: lockFile(), signal: terminal.signal });
      await tellLocked(release, lockFile(), flags, terminal);
    });

  nanos
    .command('list')
    .description('List the releases in the cache and in the lock.')
    .option('--json', 'print as JSON')
    .action(async (flags: NanosFlags) => {
      const releases = await listReleases({ lockFile: lockFile() });
      if (flags.json === true) await writeJson(terminal, releases);
      else if (releases.length === 0) terminal.note(`No Nanos release is installed or locked. Run \`package-vm nanos install ${recommendedVersion}\`.`);
      else await terminal.out(releases.map(listLine).join(''));
    });

  addReleaseOptions(nanos.command('which').description('Tell which release a build here would use, and verify it.'))
    .option('--json', 'print as JSON')
    .action(async (flags: NanosFlags) => {
      const release = await locateRelease({ ...releaseOptions(flags, terminal.cwd, terminal), signal: terminal.signal });
      const kernel = release.files.find(({ name }) => name === 'kernel.img')?.hostPath ?? '';
      const folder = dirname(kernel);
      if (flags.json === true) await writeJson(terminal, { ...release, folder });
      else await terminal.out(`${release.version}  ${release.isLocked ? 'locked' : 'not locked'}  ${folder}\n`);
    });
}

async function tellLocked(release: LockedRelease, lockFile: string, flags: NanosFlags, terminal: Terminal): Promise<void> {
  if (flags.json === true) {
    await writeJson(terminal, { ...release, lockFile });
    return;
  }
  const shown = relative(terminal.cwd, lockFile);
  await terminal.out(`Nanos ${release.version} is ${release.lockChange === 'none' ? 'installed' : `locked in ${shown}${release.lockChange === 'replaced' ? ', which had other digests of it' : ''}`}.\n`);
  if (release.lockChange === 'added') {
    terminal.note('Its digests were taken as they are, since upstream publishes none to compare with: from now on every build verifies them. Commit the lock.');
  } else if (release.lockChange === 'replaced') {
    terminal.note('They were replaced: builds with the files that were locked before are refused from now on. Commit the lock if that was meant.');
  }
}

function listLine({ version, folder, isLocked, origin }: ListedRelease): string {
  return `${version.padEnd(12)}  ${isLocked ? 'locked    ' : 'not locked'}  ${folder ?? `not installed, from ${origin}`}\n`;
}
