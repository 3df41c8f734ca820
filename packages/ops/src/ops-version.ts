import { PackageVmError } from '@package-vm/errors';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { INSTALL_OPS } from './find-ops.js';
import { withOpsHome } from './ops-home.js';
import { runOps } from './run-ops.js';

export interface OpsIdentity {
  /** Absolute path. */
  readonly program: string;
  /** E.g. `0.1.46`, or `unversioned` for one that was built from its sources without a version. */
  readonly version: string;
}

/** The first that takes virtual mounts and writes version 5 of the file system (ops commits b842584, 1605ee4). */
export const MINIMUM_OPS_VERSION = '0.1.42';

/** What an `ops` calls itself. @throws PVM_OPS_TOO_OLD, PVM_OPS_FAILED, PVM_MISSING_TOOL, PVM_CANCELLED, PVM_PROGRAM_TIMED_OUT */
export async function identifyOps(program: string, { signal }: { readonly signal?: AbortSignal | undefined } = {}): Promise<OpsIdentity> {
  const { stdout, stderr, exitCode } = await withOpsHome({ version: '0.0.0' }, (home) => runOps({ program, args: ['version'], home, signal, timeoutMs: VERSION_TIMEOUT_MS }));
  const version = /^Ops version: *(\S*)$/m.exec(stdout)?.[1];
  if (exitCode !== 0 || version === undefined) {
    throw new PackageVmError('PVM_OPS_FAILED', `\`${program} version\` did not tell a version${said(stdout + stderr)}`, {
      hint: `If it is no \`ops\` of nanovms, install that with \`${INSTALL_OPS}\`.`,
    });
  }
  if (version === '') return { program, version: UNVERSIONED };
  if (isOlder(version, MINIMUM_OPS_VERSION)) {
    throw new PackageVmError('PVM_OPS_TOO_OLD', `\`${program}\` is ops ${version}, but ${MINIMUM_OPS_VERSION} or later is needed`, {
      hint: `Install the current one with \`${INSTALL_OPS}\`, or run \`ops update\`.`,
    });
  }
  return { program, version };
}

/** What tells one `ops` from another, for the key of a cache: its version, or the digest of the program where it has none. @throws as {@link identifyOps} */
export async function opsCacheKey(program: string): Promise<string> {
  const { version } = await identifyOps(program);
  return version === UNVERSIONED ? `sha256:${await digest(program)}` : version;
}

const UNVERSIONED = 'unversioned';
const VERSION_TIMEOUT_MS = 30_000;

function said(text: string): string {
  const line = text.trim().split('\n', 1)[0] ?? '';
  return line === '' ? '' : `: it said \`${line.slice(0, 200)}\``;
}

function isOlder(version: string, than: string): boolean {
  const [parts, limits] = [version, than].map((text) => text.split('.').map(Number)) as [number[], number[]];
  const index = limits.findIndex((limit, at) => (parts[at] ?? 0) !== limit);
  return index !== -1 && (parts[index] ?? 0) < (limits[index] ?? 0);
}

async function digest(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}
