import { makeTemporaryFolder } from '@package-vm/process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

/** A private place for one run of ops: nothing of the user's gets in, nothing is left behind. */
export interface OpsHome {
  /** Absolute path of the whole place. */
  readonly folder: string;
  /** Where ops runs, absolute. */
  readonly workingFolder: string;
  /** What takes the place of `~/.ops`, absolute. */
  readonly dotOps: string;
  /** The whole environment of ops; its paths are relative to the working folder. */
  readonly env: Readonly<Record<string, string>>;
}

/**
 * Nobody listens at port 0, so that each connection is refused at once (Linux connect(2)): the request for the latest version, made
 * at every start and without a time limit (ops lepton/const.go, getLatestRelVersion), cannot hang.
 */
const DEAD_PROXY = 'http://127.0.0.1:0';

/** The end of an archive, compressed: with it there is nothing to fetch (ops lepton/image.go, addCommonFilesToManifest). */
const EMPTY_ARCHIVE = gzipSync(new Uint8Array(1024));

export interface OpsHomeOptions {
  /** The Nanos version that ops takes for the one it has. */
  readonly version: string;
  /** Whether to leave it behind, for a day at least; default false. */
  readonly keep?: boolean;
  /** Where it is made; default: the system's. */
  readonly temporaryFolder?: string | undefined;
}

/** Makes a private place for ops, uses it, and removes it whatever happens, unless it is to be kept. */
export async function withOpsHome<Result>({ version, keep, temporaryFolder }: OpsHomeOptions, use: (home: OpsHome) => Promise<Result>): Promise<Result> {
  const folder = await makeTemporaryFolder('package-vm-ops-', temporaryFolder);
  try {
    return await use(makeHome(folder, version));
  } finally {
    if (keep !== true) rmSync(folder, { recursive: true, force: true });
  }
}

function makeHome(folder: string, version: string): OpsHome {
  const dotOps = join(folder, 'home/.ops');
  for (const path of ['work', 'tmp', 'home/.ops/images']) mkdirSync(join(folder, path), { recursive: true });
  writeFileSync(join(dotOps, 'latest.txt'), version);
  writeFileSync(join(dotOps, 'common.tar.gz'), EMPTY_ARCHIVE);
  writeFileSync(join(folder, 'home/defaults.json'), '{}');
  return {
    folder,
    workingFolder: join(folder, 'work'),
    dotOps,
    env: {
      // relative: ops takes a kernel whose path contains "arm" anywhere for one of that machine (ops lepton/image.go)
      HOME: '../home',
      OPS_HOME: '../home',
      // without it ops reads `.opsrc` in the home folder of the user database, whatever HOME says (ops lepton/config.go)
      OPS_DEFAULT_CONFIG: '../home/defaults.json',
      TMPDIR: '../tmp',
      HTTP_PROXY: DEAD_PROXY,
      HTTPS_PROXY: DEAD_PROXY,
    },
  };
}
