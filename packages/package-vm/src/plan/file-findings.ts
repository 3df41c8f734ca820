import { type Finding, type Place } from '@package-vm/manifest';
import { basename, posix } from 'node:path';
import { type FileDigest } from '../host-files/digest-file.js';
import { type HostEntry } from './host-entries.js';
import { planFinding } from './plan-findings.js';
import { type PlaceOf } from './plan-options.js';
import { partOf } from './problem-findings.js';

/** What is known of a file without reading all of it. */
export type FileHead = Pick<FileDigest, 'sizeBytes' | 'head'>;

export interface FileFindingsOptions {
  readonly placeOf: PlaceOf;
  /** Path of an entry as people know it, relative to the Nx workspace. */
  readonly shown: (entry: HostEntry) => string;
  readonly headOf: (entry: HostEntry) => FileHead | undefined;
}

/** Folders that belong to tools and not into an image. */
const TOOL_FOLDERS = new Set(['.git', '.hg', '.svn', 'node_modules', '__pycache__', '.venv']);
/** Names of files that hold secrets (the documentation lists them). */
const SECRET_NAMES = /^(\.env(\..+)?|\.netrc|\.npmrc|\.pypirc|\.git-credentials|id_(rsa|dsa|ecdsa|ed25519)|credentials(\.toml|\.json)?|.*\.(p12|pfx|jks|keystore))$/;
const HARMLESS_NAMES = /^\.env\.(example|sample|template|dist)$/;
const PRIVATE_KEY = /^-----BEGIN [A-Z ]*PRIVATE KEY-----/;
/** A large file that Git LFS has not fetched: its text begins so (git-lfs docs/spec.md). */
const LFS_POINTER = 'version https://git-lfs.github.com/spec/v1';

/** What the manifest names by mistake: secrets, files that Git LFS has not fetched, folders of tools. */
export function fileFindings(entries: readonly HostEntry[], { placeOf, shown, headOf }: FileFindingsOptions): readonly Finding[] {
  const findings: Finding[] = [];
  const toolFolders: string[] = [];
  const paths = new Set(entries.map(({ guestPath }) => guestPath));
  for (const entry of entries) {
    const name = basename(entry.guestPath);
    const place = (): Place => placeOf(entry.keys, partOf(entry.keys));
    if (entry.kind === 'directory') {
      const isInside = toolFolders.some((folder) => entry.guestPath.startsWith(`${folder}/`));
      if (!isInside && (TOOL_FOLDERS.has(name) || isTargetFolder(entry.guestPath, paths))) {
        toolFolders.push(entry.guestPath);
        findings.push(planFinding('tool-folder', place(), { path: shown(entry) }));
      }
    } else if (entry.kind === 'file' && !toolFolders.some((folder) => entry.guestPath.startsWith(`${folder}/`))) {
      const file = headOf(entry);
      const text = file === undefined ? '' : Buffer.from(file.head).toString('latin1');
      const isNamed = SECRET_NAMES.test(name) && !HARMLESS_NAMES.test(name);
      if (isNamed || PRIVATE_KEY.test(text)) findings.push(planFinding('secret-file', place(), { path: shown(entry), isNamed }));
      if (text.startsWith(LFS_POINTER) && (file?.sizeBytes ?? 0) < 1024) findings.push(planFinding('git-lfs-pointer', place(), { path: shown(entry) }));
    }
  }
  return findings;
}

/** cargo marks its target folder, and keeps fingerprints in the folder of each profile. */
function isTargetFolder(guestPath: string, paths: ReadonlySet<string>): boolean {
  const marks = basename(guestPath) === 'target' ? ['CACHEDIR.TAG', 'release/.fingerprint', 'debug/.fingerprint'] : ['.fingerprint'];
  return marks.some((mark) => paths.has(posix.join(guestPath, mark)));
}
