import { type Finding, type Keys, type Place } from '@package-vm/manifest';
import { GuestTree } from './guest-tree.js';
import { type MountPoint } from './mount-points.js';
import { planFinding } from './plan-findings.js';
import { type PlannedEntry } from './plan.js';
import { kernelFileAt, selfLink, systemFiles } from './system-files.js';

/** Puts together a root file system, with findings about what does not fit into it. */
export class TreeBuilder {
  readonly findings: Finding[] = [];
  readonly #tree = new GuestTree();
  readonly #placeOf: (keys: Keys) => Place;

  constructor(placeOf: (keys: Keys) => Place, { nameServers, programPath }: { nameServers: readonly string[] | undefined; programPath: string }) {
    this.#placeOf = placeOf;
    for (const file of systemFiles(nameServers)) this.#tree.addDefault(file);
    this.#tree.addDefault(selfLink(programPath));
  }

  add(entry: PlannedEntry, keys: Keys): void {
    const kernelPath = kernelFileAt(entry);
    if (kernelPath !== undefined) {
      this.#find(planFinding('kernel-path', this.#placeOf(keys), { path: entry.path, kernelPath }));
      return;
    }
    const placed = this.#tree.add(entry);
    if (placed === 'replaced') this.#find(planFinding('replaces-system-file', this.#placeOf(keys), { path: entry.path, origin: originOf(entry) }));
    else if (placed !== 'added') {
      this.#find(planFinding('path-taken', this.#placeOf(keys), { path: entry.path, origin: originOf(entry), other: originOf(placed.collidesWith) }));
    }
  }

  /** Makes the folders that things are mounted at; what is in them already would not be seen. */
  addMountPoints(mountPoints: readonly MountPoint[]): void {
    for (const { path, keys } of mountPoints) {
      const place = this.#placeOf(keys);
      if (typeof this.#tree.add({ kind: 'directory', path }) === 'object') this.#find(planFinding('mount-not-a-folder', place, { path }));
      const hidden = this.#tree.entries().find((entry) => entry.kind !== 'directory' && entry.path.startsWith(`${path}/`));
      if (hidden !== undefined) this.#find(planFinding('hidden-by-mount', place, { path: hidden.path, mountPoint: path }));
    }
  }

  entries(): readonly PlannedEntry[] {
    return this.#tree.entries();
  }

  #find(finding: Finding): void {
    this.findings.push(finding);
  }
}

function originOf(entry: PlannedEntry): string {
  return entry.kind === 'file' ? entry.origin : `${entry.kind} ${entry.path}`;
}
