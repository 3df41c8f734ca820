import { type ElfFile, isElf, readElf } from '@package-vm/disk-image/elf';
import { errorCodeOf, isPackageVmError } from '@package-vm/errors';
import { lstatSync, readFileSync, readdirSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { type FileSource, openFileSource } from '../host-files/file-source.js';
import { type View, type ViewedFile } from './loader-search.js';

const LINKS_MAX = 40;

/** The file system below a folder of this machine, as seen by a process whose root that folder is: links never lead out. */
export class HostView implements View {
  readonly root: string;

  constructor(root: string) {
    this.root = root;
  }

  /** The host path behind a path of the view, all links followed; undefined where nothing is. */
  locate(path: string): string | undefined {
    const pending = path.split('/');
    const done: string[] = [];
    let links = 0;
    for (let part = pending.shift(); part !== undefined; part = pending.shift()) {
      if (part === '' || part === '.') continue;
      if (part === '..') {
        done.pop();
        continue;
      }
      const host = join(this.root, ...done, part);
      const stats = ifThere(() => lstatSync(host));
      if (stats === undefined) return undefined;
      if (!stats.isSymbolicLink()) {
        done.push(part);
        continue;
      }
      links += 1;
      if (links > LINKS_MAX) return undefined;
      const target = readlinkSync(host);
      if (target.startsWith('/')) done.length = 0;
      pending.unshift(...target.split('/'));
    }
    return join(this.root, ...done);
  }

  open(path: string): ViewedFile | undefined {
    const hostPath = this.locate(path);
    const elf = hostPath === undefined ? undefined : readElfAt(hostPath);
    return hostPath === undefined || elf === undefined ? undefined : { elf, hostPath };
  }

  /** A file's text; undefined where there is none. */
  readText(path: string): string | undefined {
    const hostPath = this.locate(path);
    return hostPath === undefined ? undefined : ifThere(() => readFileSync(hostPath, 'utf8'));
  }

  /** The names in a folder, sorted; none where there is no folder. */
  list(path: string): readonly string[] {
    const hostPath = this.locate(path);
    return (hostPath === undefined ? undefined : ifThere(() => readdirSync(hostPath)))?.sort() ?? [];
  }
}

/** What an ELF file says; undefined for a file that is none, is damaged, or cannot be read: a loader passes it over. */
export function readElfAt(hostPath: string): ElfFile | undefined {
  let source: FileSource | undefined;
  try {
    source = openFileSource(hostPath);
    return source.sizeBytes >= 4 && isElf(source.read(0, 4)) ? readElf(source) : undefined;
  } catch (error) {
    if (isPackageVmError(error)) return undefined;
    throw error;
  } finally {
    source?.close();
  }
}

function ifThere<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'EISDIR', 'EACCES', 'ENAMETOOLONG'].includes(errorCodeOf(error) ?? '')) return undefined;
    throw error;
  }
}
