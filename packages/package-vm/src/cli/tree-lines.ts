import { printable } from '@package-vm/errors';
import { type ListedEntry } from '../inspect/list-image.js';

/** A tree of entries, drawn as `tree` does, in names that no terminal obeys. Entries are sorted by path and lie below `root`. */
export function treeLines(root: string, entries: readonly ListedEntry[]): string {
  const children = new Map<string, ListedEntry[]>();
  for (const entry of entries) {
    const parent = entry.path.slice(0, entry.path.lastIndexOf('/'));
    const siblings = children.get(parent);
    if (siblings === undefined) children.set(parent, [entry]);
    else siblings.push(entry);
  }
  const top = root.replace(/\/+$/, '');
  return `${top === '' ? '/' : printable(top)}\n${[...linesBelow(top, '', children)].join('')}`;
}

function* linesBelow(parent: string, indent: string, children: ReadonlyMap<string, readonly ListedEntry[]>): Generator<string> {
  const below = children.get(parent) ?? [];
  for (const [index, entry] of below.entries()) {
    const isLast = index === below.length - 1;
    const name = entry.path.slice(parent.length + 1);
    const suffix = entry.kind === 'directory' ? '/' : entry.kind === 'link' ? ` -> ${entry.target}` : ` (${entry.sizeBytes} bytes)`;
    yield `${indent}${isLast ? '└── ' : '├── '}${printable(`${name}${suffix}`)}\n`;
    if (entry.kind === 'directory') yield* linesBelow(entry.path, `${indent}${isLast ? '    ' : '│   '}`, children);
  }
}
