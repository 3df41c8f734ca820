import { isElf } from '@package-vm/disk-image/elf';
import { type Finding } from '@package-vm/manifest';
import { relative } from 'node:path';
import { type BundleFile } from '../bundle/bundle.js';
import { type FileDigest } from '../host-files/digest-file.js';
import { digestFiles } from '../host-files/digest-files.js';
import { fileFindings } from './file-findings.js';
import { type HostEntry, hostEntries } from './host-entries.js';
import { mountPointsOf } from './mount-points.js';
import { type PlanOptions } from './plan-options.js';
import { type PlannedEntry, type PlannedFile } from './plan.js';
import { findingsOfProblems } from './problem-findings.js';
import { TreeBuilder } from './tree-builder.js';

export interface PlannedTree {
  readonly entries: readonly PlannedEntry[];
  /** Guest paths, clean. */
  readonly mountPoints: readonly string[];
  /** The ELF files among them: guest path → path on this machine. */
  readonly elfFiles: ReadonlyMap<string, string>;
  readonly findings: readonly Finding[];
}

/** Collects the root file system: what ops adds, the bundle, what the manifest names, the mount points. */
export async function planTree(options: PlanOptions, programPath: string): Promise<PlannedTree> {
  const { manifest, bundle, placeOf, workspaceRoot } = options;
  const builder = new TreeBuilder(placeOf, { nameServers: manifest.NameServers, programPath });
  const elfFiles = new Map([[programPath, bundle.program.hostPath]]);
  builder.add(bundledFile(programPath, bundle.program, `program ${bundle.name}`), ['Program']);
  for (const library of bundle.libraries) {
    builder.add(bundledFile(library.guestPath, library, `library (${library.origin})`), ['Program']);
    elfFiles.set(library.guestPath, library.hostPath);
  }

  const { entries, problems } = hostEntries(manifest, { baseFolder: options.baseFolder, boundary: workspaceRoot });
  const digests = await digestFiles(entries.filter(({ kind }) => kind === 'file').map(({ hostPath }) => hostPath), options.signal);
  for (const entry of entries) {
    const digest = digests.get(entry.hostPath);
    builder.add(plannedEntry(entry, digest, workspaceRoot), entry.keys);
    if (digest !== undefined && isElf(digest.head)) elfFiles.set(entry.guestPath, entry.hostPath);
  }
  const ofFiles = fileFindings(entries, { placeOf, shown: ({ hostPath }) => relative(workspaceRoot, hostPath), headOf: ({ hostPath }) => digests.get(hostPath) });

  const mountPoints = mountPointsOf(manifest);
  builder.addMountPoints(mountPoints);
  return { entries: builder.entries(), mountPoints: mountPoints.map(({ path }) => path), elfFiles, findings: [...findingsOfProblems(problems, options), ...ofFiles, ...builder.findings] };
}

function bundledFile(path: string, { hostPath, sizeBytes, sha256 }: BundleFile, origin: string): PlannedFile {
  return { kind: 'file', path, sizeBytes, sha256, content: { hostPath }, origin };
}

function plannedEntry({ kind, guestPath: path, hostPath, target = '' }: HostEntry, digest: FileDigest | undefined, workspaceRoot: string): PlannedEntry {
  if (kind === 'directory') return { kind, path };
  if (kind === 'link' || digest === undefined) return { kind: 'link', path, target };
  const { sizeBytes, sha256, stamp } = digest;
  return { kind, path, sizeBytes, sha256, content: { hostPath, stamp }, origin: relative(workspaceRoot, hostPath) };
}
