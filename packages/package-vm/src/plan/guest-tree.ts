import { type PlannedEntry } from './plan.js';

/** What happened to an entry that was put into a tree. */
export type Placed = 'added' | 'replaced' | { readonly collidesWith: PlannedEntry };

/** The tree of a guest while it is planned: entries by absolute path, parents made as needed. */
export class GuestTree {
  readonly #entries = new Map<string, PlannedEntry>();
  readonly #replaceable = new Set<string>();

  /** Adds an entry of our own, which an entry of the user may replace. */
  addDefault(entry: PlannedEntry): void {
    this.add(entry);
    this.#replaceable.add(entry.path);
  }

  /** Adds an entry. What is there already must be the same thing, or a default. */
  add(entry: PlannedEntry): Placed {
    const blocker = this.#makeParents(entry.path);
    if (blocker !== undefined) return { collidesWith: blocker };
    const present = this.#entries.get(entry.path);
    if (present === undefined) {
      this.#entries.set(entry.path, entry);
      return 'added';
    }
    if (isSame(present, entry)) return 'added';
    if (!this.#replaceable.delete(entry.path)) return { collidesWith: present };
    this.#entries.set(entry.path, entry);
    return 'replaced';
  }

  get(path: string): PlannedEntry | undefined {
    return this.#entries.get(path);
  }

  /** All entries, sorted by path in code units. */
  entries(): PlannedEntry[] {
    return [...this.#entries.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
  }

  /** Makes missing parent folders; gives the entry that stands in the way, if any. */
  #makeParents(path: string): PlannedEntry | undefined {
    for (let end = path.indexOf('/', 1); end !== -1; end = path.indexOf('/', end + 1)) {
      const parent = path.slice(0, end);
      const present = this.#entries.get(parent);
      if (present === undefined) this.#entries.set(parent, { kind: 'directory', path: parent });
      else if (present.kind !== 'directory') return present;
    }
    return undefined;
  }
}

function isSame(a: PlannedEntry, b: PlannedEntry): boolean {
  if (a.kind === 'directory' || b.kind === 'directory') return a.kind === b.kind;
  if (a.kind === 'link' || b.kind === 'link') return a.kind === 'link' && b.kind === 'link' && a.target === b.target;
  return a.sha256 === b.sha256;
}
