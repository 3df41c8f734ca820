import { type Manifest } from '@package-vm/manifest';
import { errorCodeOf } from '@package-vm/errors';
import { type Dirent, readdirSync, readlinkSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, posix, relative, resolve } from 'node:path';
import picomatch from 'picomatch';
import { type Boundary, type Located, locateHostPath } from './locate-host-path.js';

/** A file, folder or link of this machine that the manifest wants in the image. */
export interface HostEntry {
  readonly kind: 'file' | 'directory' | 'link';
  readonly hostPath: string;
  readonly guestPath: string;
  /** Where the manifest asks for it. */
  readonly keys: readonly (string | number)[];
  /** Of a link. */
  readonly target?: string;
}

export type HostProblemCode = 'absolute-path' | 'empty-map' | 'link-outside' | 'missing-path' | 'not-a-file' | 'not-a-folder' | 'outside-base' | 'outside-workspace' | 'special-file' | 'undecodable-name' | 'unreadable-path';

/** Something the manifest names that cannot be packaged. */
export interface HostProblem {
  readonly code: HostProblemCode;
  readonly path: string;
  readonly keys: readonly (string | number)[];
}

/** What `Files`, `Dirs` and `MapDirs` name, in the manifest's order, folders before their content, names sorted. */
export function hostEntries(manifest: Manifest, options: Boundary): { entries: HostEntry[]; problems: HostProblem[] } {
  const collector = new Collector(options);
  manifest.Files?.forEach((path, index) => {
    collector.addFile(path, ['Files', index]);
  });
  for (const [source, guestFolder] of Object.entries(manifest.MapDirs ?? {})) collector.addMapped(source, guestFolder, ['MapDirs', source]);
  manifest.Dirs?.forEach((path, index) => {
    collector.addFolder(path, ['Dirs', index]);
  });
  return collector;
}

class Collector {
  readonly entries: HostEntry[] = [];
  readonly problems: HostProblem[] = [];
  readonly #bounds: Boundary;

  constructor(bounds: Boundary) {
    this.#bounds = bounds;
  }

  addFile(path: string, keys: HostEntry['keys']): void {
    const place = this.#place(path, keys);
    if (place === undefined) return;
    const located = this.#locate(place.hostPath, path, keys);
    if (located === undefined) return;
    // what a link leads to is what the image depends on
    if (located.stats.isFile()) this.entries.push({ kind: 'file', ...place, hostPath: located.hostPath, keys });
    else this.#problem(located.stats.isDirectory() ? 'not-a-file' : 'special-file', located.stats.isDirectory() ? path : this.#shown(place.hostPath), keys);
  }

  addFolder(path: string, keys: HostEntry['keys']): void {
    const place = this.#place(path, keys);
    if (place === undefined) return;
    const located = this.#locate(place.hostPath, path, keys);
    if (located === undefined) return;
    if (!located.stats.isDirectory()) {
      this.#problem('not-a-folder', path, keys);
      return;
    }
    if (place.guestPath !== '/') this.entries.push({ kind: 'directory', ...place, keys });
    this.#walk(located.hostPath, place.guestPath, keys, () => true);
  }

  /** As ops: the last part of the source is a pattern, matched against every name below its folder (ops lepton/image.go, addMappedFiles). */
  addMapped(source: string, guestFolder: string, keys: HostEntry['keys']): void {
    const host = isAbsolute(source) ? source : resolve(this.#bounds.baseFolder, source);
    const located = this.#locate(dirname(host), source, keys);
    if (located === undefined) return;
    if (!located.stats.isDirectory()) {
      this.#problem('not-a-folder', source, keys);
      return;
    }
    const matches = picomatch(basename(host), { dot: true, nobrace: true, noextglob: true, noglobstar: true, nonegate: true });
    const before = this.entries.length;
    this.#walk(located.hostPath, guestFolder, keys, matches);
    if (!this.entries.slice(before).some(({ kind }) => kind !== 'directory')) this.#problem('empty-map', source, keys);
  }

  #walk(hostFolder: string, guestFolder: string, keys: HostEntry['keys'], matches: (name: string) => boolean): void {
    const children = readFolder(hostFolder);
    if (children === undefined) this.#problem('unreadable-path', this.#shown(hostFolder), keys);
    for (const child of children ?? []) {
      const hostPath = join(hostFolder, child.name);
      const guestPath = posix.join(guestFolder, child.name);
      if (child.name.includes('\uFFFD')) this.#problem('undecodable-name', this.#shown(hostPath), keys);
      else if (child.isDirectory()) {
        if (matches(child.name)) this.entries.push({ kind: 'directory', hostPath, guestPath, keys });
        this.#walk(hostPath, guestPath, keys, matches);
      } else if (!matches(child.name)) continue;
      else if (child.isSymbolicLink()) this.entries.push({ kind: 'link', hostPath, guestPath, keys, target: readlinkSync(hostPath) });
      else if (child.isFile()) this.entries.push({ kind: 'file', hostPath, guestPath, keys });
      else this.#problem('special-file', this.#shown(hostPath), keys);
    }
  }

  /** A path of something that is there, relative to the Nx workspace, as findings name all such. */
  #shown(hostPath: string): string {
    return relative(this.#bounds.boundary, hostPath);
  }

  /** The host and guest path of a path of the manifest; the guest has it under the same name. */
  #place(path: string, keys: HostEntry['keys']): { hostPath: string; guestPath: string } | undefined {
    if (isAbsolute(path)) {
      this.#problem('absolute-path', path, keys);
      return undefined;
    }
    const hostPath = resolve(this.#bounds.baseFolder, path);
    const inBase = relative(this.#bounds.baseFolder, hostPath);
    if (inBase.split('/')[0] === '..') {
      this.#problem('outside-base', path, keys);
      return undefined;
    }
    return { hostPath, guestPath: posix.join('/', inBase) };
  }

  /** Follows links; says when there is nothing, or something outside the boundary. */
  #locate(hostPath: string, path: string, keys: HostEntry['keys']): Exclude<Located, { problem: unknown }> | undefined {
    const located = locateHostPath(hostPath, this.#bounds);
    if (!('problem' in located)) return located;
    this.#problem(located.problem, located.problem === 'unreadable-path' ? this.#shown(hostPath) : path, keys);
    return undefined;
  }

  #problem(code: HostProblemCode, path: string, keys: HostEntry['keys']): void {
    this.problems.push({ code, path, keys });
  }
}

/** What is in a folder, sorted by name; undefined where it may not be read. */
function readFolder(path: string): readonly Dirent[] | undefined {
  try {
    return readdirSync(path, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    if (errorCodeOf(error) !== 'EACCES') throw error;
    return undefined;
  }
}
