import { type Finding, probably, safely } from '../finding.js';
import { nearestKey } from '../suggestion.js';
import { type Check } from './check.js';

/** `Program`, which names the program and is its path inside the image. */
export function* programRules({ manifest, program, programs = [], report }: Check): Iterable<Finding> {
  const written = manifest.Program;
  if (written === undefined) return;
  const keys = ['Program'];
  const names = written.split('/').filter((name) => name !== '' && name !== '.');
  const found = names.at(-1) ?? written;
  const name = program ?? found;
  const isUnknown = program === undefined && programs.length > 0 && !programs.includes(found);
  const meant = isUnknown ? nearestKey(found, programs)?.key : undefined;
  const outside = pointsOutside(written, names);
  // the path in the image stays the same, but for a path that only one machine has
  const isOfMachine = names.includes('..') || names.includes('target') || MACHINE_FOLDERS.has(names[0] ?? '');
  const inside = written.startsWith('/') && !isOfMachine && found === name ? names.join('/') : name;
  if (outside === undefined && names.slice(0, -1).includes('target')) {
    yield report('program-path', keys, { program: written, guestPath: `/${names.join('/')}`, name }, { fix: safely({ kind: 'set', keys, value: name }) });
  } else if (outside !== undefined) {
    const fix = isUnknown ? undefined : safely({ kind: 'set', keys, value: inside });
    yield report('program-outside', keys, { program: written, outside, name: isUnknown ? (meant ?? programs[0] ?? name) : inside }, { fix });
  }
  if (isUnknown && outside === undefined) {
    yield report('unknown-program', keys, { keys, found, programs, meant }, { fix: meant === undefined ? undefined : probably({ kind: 'set', keys, value: meant }) });
  }
  if (found !== name) yield report('other-program', keys, { found, expected: name }, { fix: probably({ kind: 'set', keys, value: name }) });
}

/** Folders of a machine's users. */
const MACHINE_FOLDERS: ReadonlySet<string> = new Set(['home', 'root', 'Users', 'mnt', 'tmp', 'workspaces']);

function pointsOutside(written: string, names: readonly string[]): string | undefined {
  if (names.includes('..')) return 'it contains `..`';
  if (written.startsWith('/')) return 'it is an absolute path';
  const [variable] = /^(~|\$\{?\w*\}?)/.exec(names[0] ?? '') ?? [];
  return variable === undefined ? undefined : `nobody replaces \`${variable}\``;
}
