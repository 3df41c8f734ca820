import { type Finding, type Keys, mountsForImage } from '@package-vm/manifest';
import { posix, relative } from 'node:path';
import { type BundleFile } from '../bundle/bundle.js';
import { type FileDigest } from '../host-files/digest-file.js';
import { digestFiles } from '../host-files/digest-files.js';
import { GuestTree } from './guest-tree.js';
import { type HostEntry, hostEntries } from './host-entries.js';
import { findingsOfProblems } from './host-findings.js';
import { type PlanOptions } from './plan-options.js';
import { planFinding } from './plan-findings.js';
import { type PlannedEntry, type PlannedFile } from './plan.js';
import { kernelFileAt, selfLink, systemFiles } from './system-files.js';

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
  const { manifest, placeOf, bundle } = options;
  const findings: Finding[] = [];
  const tree = new GuestTree();
  const elfFiles = new Map<string, string>();
  const place = (entry: PlannedEntry, keys: Keys): void => {
    const kernelPath = kernelFileAt(entry);
    const placed = kernelPath === undefined ? tree.add(entry) : undefined;
    if (kernelPath !== undefined) findings.push(planFinding('kernel-path', placeOf(keys), { path: entry.path, kernelPath }));
    else if (typeof placed === 'object') {
      findings.push(planFinding('path-taken', placeOf(keys), { path: entry.path, origin: originOf(entry), other: originOf(placed.collidesWith) }));
    }
  };

  for (const file of systemFiles(manifest.NameServers)) tree.addDefault(file);
  tree.addDefault(selfLink(programPath));
  place(bundledFile(programPath, bundle.program, `program ${bundle.name}`), ['Program']);
  elfFiles.set(programPath, bundle.program.hostPath);
  for (const library of bundle.libraries) {
    place(bundledFile(library.guestPath, library, `library (${library.origin})`), ['Program']);
    elfFiles.set(library.guestPath, library.hostPath);
  }

  const { entries, problems } = hostEntries(manifest, { baseFolder: options.baseFolder, boundary: options.workspaceRoot });
  findings.push(...findingsOfProblems(problems, options));
  const digests = await digestFiles(entries.filter(({ kind }) => kind === 'file').map(({ hostPath }) => hostPath), options.signal);
  for (const entry of entries) {
    const digest = digests.get(entry.hostPath);
    place(plannedEntry(entry, digest, options.workspaceRoot), entry.keys);
    if (digest !== undefined && isElf(digest.head)) elfFiles.set(entry.guestPath, entry.hostPath);
  }

  const mountPoints = [...mountsForImage(manifest, options.platform).values()].map((path) => posix.normalize(path.replace(/:ro$/, ''))).filter((path) => path !== '/');
  for (const path of mountPoints) {
    if (typeof tree.add({ kind: 'directory', path }) === 'object') findings.push(planFinding('mount-not-a-folder', placeOf(['Mounts']), { path }));
  }
  return { entries: tree.entries(), mountPoints, elfFiles, findings };
}

function bundledFile(path: string, { hostPath, sizeBytes, sha256 }: BundleFile, origin: string): PlannedFile {
  return { kind: 'file', path, sizeBytes, sha256, content: { hostPath }, origin };
}

function plannedEntry({ kind, guestPath: path, hostPath, target = '' }: HostEntry, digest: FileDigest | undefined, workspaceRoot: string): PlannedEntry {
  if (kind === 'directory') return { kind, path };
  if (kind === 'link' || digest === undefined) return { kind: 'link', path, target };
  const { sizeBytes, sha256 } = digest;
  return { kind, path, sizeBytes, sha256, content: { hostPath }, origin: relative(workspaceRoot, hostPath) };
}

function isElf(head: Uint8Array): boolean {
  return head.length > 4 && head[0] === 0x7f && head[1] === 0x45 && head[2] === 0x4c && head[3] === 0x46;
}

function originOf(entry: PlannedEntry): string {
  return entry.kind === 'file' ? entry.origin : `${entry.kind} ${entry.path}`;
}
