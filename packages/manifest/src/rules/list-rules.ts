import { posix } from 'node:path';
import { type Finding, safely } from '../finding.js';
import { type Check } from './check.js';

/** Lists of names in which one that is there twice does no more than once; arguments may be meant to be. */
const LISTS = ['Files', 'Dirs', 'Klibs', 'Debugflags', 'NoTrace', 'NameServers'] as const;

export function* listRules({ manifest, report }: Check): Iterable<Finding> {
  for (const list of LISTS) {
    const isPath = list === 'Files' || list === 'Dirs';
    const first = new Map<string, number>();
    for (const [index, written] of (manifest[list] ?? []).entries()) {
      const name = isPath ? posix.join(written, '.').replace(/(.)\/$/, '$1') : written;
      const keys = [list, index];
      const earlier = first.get(name);
      if (earlier === undefined) first.set(name, index);
      else yield report('duplicate-entry', keys, { keys, value: written, earlier: [list, earlier] }, { fix: safely({ kind: 'remove', keys }) });
    }
  }
}
