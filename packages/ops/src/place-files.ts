import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type OpsContent, type OpsFile } from './ops-image.js';

/**
 * Puts files below a folder, under their guest paths: a link to each file of this machine. A folder that holds nothing but files which lie
 * together on this machine is one link: twenty thousand links take a second, and far longer on a busy disk.
 */
export function placeFiles(files: readonly Pick<OpsFile, 'path' | 'content'>[], folder: string): void {
  const root = emptyFolder();
  for (const { path, content } of files) {
    const parent = dirname(path).split('/').filter((name) => name !== '').reduce(openFolder, root);
    parent.files.set(basename(path), content);
  }
  place(root, folder);
}

interface Folder {
  readonly files: Map<string, OpsContent>;
  readonly folders: Map<string, Folder>;
}

function emptyFolder(): Folder {
  return { files: new Map(), folders: new Map() };
}

function openFolder(parent: Folder, name: string): Folder {
  const present = parent.folders.get(name) ?? emptyFolder();
  parent.folders.set(name, present);
  return present;
}

function place({ files, folders }: Folder, path: string): void {
  mkdirSync(path, { recursive: true });
  for (const [name, content] of files) {
    if ('bytes' in content) writeFileSync(join(path, name), content.bytes);
    else symlinkSync(content.hostPath, join(path, name));
  }
  for (const [name, folder] of folders) {
    const source = sourceOf(folder);
    if (source === undefined) place(folder, join(path, name));
    else symlinkSync(source, join(path, name));
  }
}

/** The folder of this machine in which all files lie as they lie here; undefined when there is none. */
function sourceOf({ files, folders }: Folder): string | undefined {
  const sources = new Set<string | undefined>();
  for (const [name, content] of files) sources.add('bytes' in content ? undefined : parentOf(content.hostPath, name));
  for (const [name, folder] of folders) sources.add(parentOf(sourceOf(folder), name));
  const [source] = sources;
  return sources.size === 1 ? source : undefined;
}

function parentOf(path: string | undefined, name: string): string | undefined {
  return path !== undefined && basename(path) === name ? dirname(path) : undefined;
}
