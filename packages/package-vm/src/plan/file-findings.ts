import { type Finding, type Keys, type Place } from '@package-vm/manifest';
import { basename, posix } from 'node:path';
import { type FileDigest } from '../host-files/digest-file.js';
import { type HostEntry } from './host-entries.js';
import { planFinding } from './plan-findings.js';

/** What is known of a file without reading all of it. */
export type FileHead = Pick<FileDigest, 'sizeBytes' | 'head'>;

export interface FileFindingsOptions {
  readonly placeOf: (keys: Keys) => Place;
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
  for (const entry of entries) {
    const name = basename(entry.guestPath);
    const add = (code: 'git-lfs-pointer' | 'secret-file' | 'tool-folder'): void => {
      findings.push(planFinding(code, placeOf(entry.keys), { path: shown(entry) }));
    };
    if (entry.kind === 'directory') {
      const isInside = toolFolders.some((folder) => entry.guestPath.startsWith(`${folder}/`));
      if (!isInside && (TOOL_FOLDERS.has(name) || isTargetFolder(entry, entries))) {
        toolFolders.push(entry.guestPath);
        add('tool-folder');
      }
    } else if (entry.kind === 'file' && !toolFolders.some((folder) => entry.guestPath.startsWith(`${folder}/`))) {
      const file = headOf(entry);
      const text = file === undefined ? '' : Buffer.from(file.head).toString('latin1');
      if ((SECRET_NAMES.test(name) && !HARMLESS_NAMES.test(name)) || PRIVATE_KEY.test(text)) add('secret-file');
      if (text.startsWith(LFS_POINTER) && (file?.sizeBytes ?? 0) < 1024) add('git-lfs-pointer');
    }
  }
  return findings;
}

/** cargo marks its target folder. */
function isTargetFolder({ guestPath }: HostEntry, entries: readonly HostEntry[]): boolean {
  return basename(guestPath) === 'target' && entries.some((entry) => entry.guestPath === posix.join(guestPath, 'CACHEDIR.TAG'));
}
