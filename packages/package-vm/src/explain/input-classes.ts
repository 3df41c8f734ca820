import { posix } from 'node:path';
import { type Digests, type RecordedRun } from './run-record.js';

/** In the order in which they are shown. */
const CLASSES = [
  'sources', 'manifest', 'named files', 'Cargo.toml', 'Cargo.lock', 'toolchain files', 'cargo files', 'bundle', 'Nanos lock',
  'compilers', 'linker', 'libraries', 'cargo configuration', 'variables', 'commands', 'our version', 'target', 'Nx configuration',
] as const;

export type InputClass = (typeof CLASSES)[number];

/** What belongs to each class of inputs, with its digest. Classes without anything are left out. */
export function inputClasses({ nodes, files, parts }: RecordedRun): Readonly<Partial<Record<InputClass, Digests>>> {
  const isProgram = Object.keys(nodes).some((node) => /fingerprint\.js"? toolchain /.test(node));
  const named = parts.files ?? {};
  const items: (readonly [InputClass, string, string])[] = [
    ...Object.entries(files).flatMap(([path, digest]) => (Object.hasOwn(named, path) ? [] : [[fileClass(path, isProgram ? 'sources' : 'named files'), path, digest] as const])),
    ...Object.entries(named).map(([path, digest]) => [fileClass(path, 'named files'), path, digest] as const),
    ...Object.entries(parts).flatMap(([kind, lines]) => (kind === 'files' ? [] : Object.entries(lines).map(([label, digest]) => [PART_CLASSES[kind] ?? 'commands', label, digest] as const))),
    ...Object.entries(nodes).flatMap(([node, digest]) => nodeItem(node, digest) ?? []),
  ];
  const found = CLASSES.map((name) => [name, Object.fromEntries(items.flatMap(([inClass, label, digest]) => (inClass === name ? [[label, digest]] : [])))] as const);
  return Object.fromEntries(found.filter(([, members]) => Object.keys(members).length > 0));
}

/** Kinds of a fingerprint's parts. */
const PART_CLASSES: Readonly<Record<string, InputClass>> = {
  compilers: 'compilers',
  linker: 'linker',
  libraries: 'libraries',
  variables: 'variables',
  configuration: 'cargo configuration',
};

function fileClass(path: string, otherwise: InputClass): InputClass {
  const name = posix.basename(path);
  if (name === 'Cargo.toml' || name === 'Cargo.lock') return name;
  if (name === 'rust-toolchain' || name === 'rust-toolchain.toml') return 'toolchain files';
  if (/(^|\/)\.cargo\/config(\.toml)?$/.test(path)) return 'cargo files';
  if (name === 'nanos.lock.json') return 'Nanos lock';
  if (['nx.json', '.gitignore', '.nxignore'].includes(path)) return 'Nx configuration';
  if (name === 'vm.json' || name.endsWith('.vm.json')) return 'manifest';
  return otherwise;
}

/** What Nx has in a node of its own. Files come one by one, and so does what is in a fingerprint of a toolchain. */
function nodeItem(node: string, digest: string): (readonly [InputClass, string, string])[] | undefined {
  if (node.startsWith('npm:')) return [['our version', node.slice('npm:'.length), digest]];
  if (node.startsWith('env:')) return node === 'env:NX_CLOUD_ENCRYPTION_KEY' ? undefined : [['variables', node.slice('env:'.length), digest]];
  if (node.startsWith('runtime:')) return runtimeItem(node.slice('runtime:'.length), digest);
  if (node.endsWith(':ProjectConfiguration') || node === 'command') return [['target', node, digest]];
  // files that other tasks make: `<pattern>:<output>`
  const output = /^[^:]*\*[^:]*:(.+)$/.exec(node)?.[1];
  return output === undefined || output.includes('*') ? undefined : [['bundle', output, digest]];
}

function runtimeItem(command: string, digest: string): (readonly [InputClass, string, string])[] | undefined {
  const question = /fingerprint\.js"? (\w+)/.exec(command)?.[1];
  if (question === 'toolchain') return undefined;
  if (question === 'files') return [['named files', 'ignored, linked or outside', digest]];
  if (question === 'names') return [['named files', 'names in folders', digest]];
  return [[question === 'self' ? 'our version' : 'commands', question === 'ops' ? 'ops' : command, digest]];
}
