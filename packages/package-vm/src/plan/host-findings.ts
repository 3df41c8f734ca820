import { type Finding, type Keys, type Manifest } from '@package-vm/manifest';
import { realpathSync } from 'node:fs';
import { posix, relative } from 'node:path';
import { digestFile } from '../host-files/digest-file.js';
import { openFileSource } from '../host-files/file-source.js';
import { brokenLinks } from './broken-links.js';
import { type FileHead, fileFindings } from './file-findings.js';
import { type HostEntry, hostEntries } from './host-entries.js';
import { mountPointsOf } from './mount-points.js';
import { planFinding } from './plan-findings.js';
import { type PlaceOf } from './plan-options.js';
import { type PlannedEntry } from './plan.js';
import { findingsOfProblems } from './problem-findings.js';
import { TreeBuilder } from './tree-builder.js';
import { volumeFindings } from './volume-size.js';

export interface HostFindingsOptions {
  readonly manifest: Manifest;
  readonly placeOf: PlaceOf;
  readonly program: string;
  readonly crateFolder?: string | undefined;
  readonly baseFolder: string;
  readonly workspaceRoot: string;
}

/** What is wrong with the files that a manifest names, on this machine: what a build would find of it without a program. Reads only their first bytes. */
export function hostFindings(options: HostFindingsOptions): readonly Finding[] {
  const { manifest, placeOf, workspaceRoot } = options;
  const { entries, problems } = hostEntries(manifest, { baseFolder: options.baseFolder, boundary: workspaceRoot });
  const shown = ({ hostPath }: HostEntry): string => relative(workspaceRoot, hostPath);
  return [...volumeFindings(options), ...findingsOfProblems(problems, options), ...fileFindings(entries, { placeOf, shown, headOf }), ...treeFindings(entries, options)];
}

/** What does not fit together inside the image, as far as the manifest's own files tell. */
function treeFindings(entries: readonly HostEntry[], { manifest, placeOf, program, workspaceRoot }: HostFindingsOptions): readonly Finding[] {
  const programPath = posix.join('/', manifest.Program ?? program);
  const builder = new TreeBuilder(placeOf, { nameServers: manifest.NameServers, programPath });
  const names = countNames(entries);
  builder.add({ kind: 'file', path: programPath, sizeBytes: 0, sha256: '', content: { bytes: new Uint8Array() }, origin: `program ${program}` }, ['Program']);
  for (const entry of entries) builder.add(plannedEntry(entry, names, workspaceRoot), entry.keys);
  const mountPoints = mountPointsOf(manifest);
  builder.addMountPoints(mountPoints);
  const all = builder.entries();
  // a library may come with the program
  const broken = brokenLinks(all, mountPoints.map(({ path }) => path)).filter(({ target }) => !/\.so(\.|$)/.test(target));
  const cwd = manifest.ManifestPassthrough?.cwd;
  const workingFolder = typeof cwd === 'string' ? posix.normalize(cwd) : '/';
  const hasWorkingFolder = workingFolder === '/' || all.some(({ kind, path }) => kind === 'directory' && path === workingFolder);
  return [
    ...builder.findings,
    ...broken.map(({ path, target }) => planFinding('broken-link', placeOf(keysOf(path, entries)), { path, target })),
    ...(hasWorkingFolder ? [] : [planFinding('working-folder-missing', placeOf(['ManifestPassthrough', 'cwd']), { path: workingFolder })]),
  ];
}

function keysOf(guestPath: string, entries: readonly HostEntry[]): Keys {
  return entries.find((entry) => entry.guestPath === guestPath)?.keys ?? [];
}

function countNames(entries: readonly HostEntry[]): ReadonlyMap<string, number> {
  const names = new Map<string, number>();
  for (const { guestPath } of entries) names.set(guestPath, (names.get(guestPath) ?? 0) + 1);
  return names;
}

/** An entry as in a plan; only files that want the same place are read, to see whether they are the same. */
function plannedEntry({ kind, guestPath: path, hostPath, target = '' }: HostEntry, names: ReadonlyMap<string, number>, workspaceRoot: string): PlannedEntry {
  if (kind === 'directory') return { kind, path };
  if (kind === 'link') return { kind, path, target };
  const sha256 = (names.get(path) ?? 0) > 1 ? digestFile(hostPath).sha256 : realpathSync(hostPath);
  return { kind, path, sizeBytes: 0, sha256, content: { hostPath }, origin: relative(workspaceRoot, hostPath) };
}

function headOf({ hostPath }: HostEntry): FileHead {
  const source = openFileSource(hostPath);
  try {
    return { sizeBytes: source.sizeBytes, head: source.read(0, Math.min(64, source.sizeBytes)) };
  } finally {
    source.close();
  }
}
