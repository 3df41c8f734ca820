import { BOOT_FILE_SYSTEM_BYTES } from '@package-vm/disk-image';
import { type Finding, type Keys, type Manifest, type Place, type Platform, mountsForImage } from '@package-vm/manifest';
import { posix, relative } from 'node:path';
import { type Bundle } from '../bundle/bundle.js';
import { type MissingLibrary } from '../bundle/loader-search.js';
import { resolveInGuest } from '../bundle/resolve-in-guest.js';
import { digestFile, type FileDigest } from '../host-files/digest-file.js';
import { type NanosRelease } from '../nanos-release/nanos-release.js';
import { bootFiles } from './boot-files.js';
import { GuestTree } from './guest-tree.js';
import { hostEntries, type HostEntry } from './host-entries.js';
import { findingsOfProblems } from './host-findings.js';
import { brokenLinks } from './broken-links.js';
import { planFinding } from './plan-findings.js';
import { type Plan, type PlannedEntry, type PlannedFile } from './plan.js';
import { rootAttributes } from './root-attributes.js';
import { kernelFileAt, selfLink, systemFiles } from './system-files.js';

export interface PlanOptions {
  readonly manifest: Manifest;
  /** Places in the manifest's text, for findings. */
  readonly placeOf: (keys: Keys) => Place;
  readonly bundle: Bundle;
  readonly release: NanosRelease;
  readonly platform: Platform;
  /** Folder that the manifest's relative paths start from, absolute. */
  readonly baseFolder: string;
  /** The Nx workspace, or what takes its place, absolute: no file outside it is read, and origins are relative to it. */
  readonly workspaceRoot: string;
}

/** Free space for a guest that may write to its root: log extensions and some data (`nanos-image-format`: at least 2 × 512 KiB). */
const WRITABLE_ROOT_FREE_BYTES = 16 * 1024 * 1024;

/**
 * Decides everything that will be in an image. Reads the files that the manifest names, to know their digests; problems are
 * findings of the plan, all at once.
 */
export function makePlan(options: PlanOptions): Plan {
  const { manifest, placeOf, bundle, release, platform } = options;
  const findings: Finding[] = [];
  const tree = new GuestTree();
  const programPath = guestProgramPath(manifest, bundle.name);
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
  for (const library of bundle.libraries) place(bundledFile(library.guestPath, library, `library (${library.origin})`), ['Program']);

  const elfFiles = new Map<string, string>([[programPath, bundle.program.hostPath], ...bundle.libraries.map(({ guestPath, hostPath }) => [guestPath, hostPath] as const)]);
  const { entries, problems } = hostEntries(manifest, { baseFolder: options.baseFolder, boundary: options.workspaceRoot });
  findings.push(...findingsOfProblems(problems, options));
  for (const entry of entries) {
    const { planned, isElf } = plannedEntry(entry, options.workspaceRoot);
    place(planned, entry.keys);
    if (isElf) elfFiles.set(planned.path, entry.hostPath);
  }

  const mountPoints = [...mountsForImage(manifest, platform).values()].map((path) => posix.normalize(path.replace(/:ro$/, '')));
  for (const path of mountPoints.filter((mountPoint) => mountPoint !== '/')) {
    if (typeof tree.add({ kind: 'directory', path }) === 'object') findings.push(planFinding('mount-not-a-folder', placeOf(['Mounts']), { path }));
  }
  const cwd = manifest.ManifestPassthrough?.cwd;
  if (typeof cwd === 'string' && posix.normalize(cwd) !== '/' && tree.get(posix.normalize(cwd))?.kind !== 'directory') {
    findings.push(planFinding('working-folder-missing', placeOf(['ManifestPassthrough', 'cwd']), { path: cwd }));
  }

  const boot = bootFiles({ manifest, release, placeOf, limitBytes: BOOT_FILE_SYSTEM_BYTES });
  findings.push(...boot.findings);
  const sorted = tree.entries();
  for (const { path, target } of brokenLinks(sorted, mountPoints)) findings.push(planFinding('broken-link', placeOf([]), { path, target }));
  for (const { library, neededBy, searched } of missingLibraries(options, { programPath, elfFiles, entries: sorted })) {
    findings.push(planFinding('library-not-in-image', placeOf(['Program']), { library, path: neededBy.join('`, `'), searched }));
  }

  const isReadOnly = manifest.ManifestPassthrough?.readonly_rootfs !== undefined;
  return {
    program: bundle.name,
    platform,
    nanosVersion: release.version,
    isPlaceholder: release.isPlaceholder,
    entries: sorted,
    attributes: rootAttributes({
      manifest,
      platform,
      programPath,
      programName: manifest.Program ?? bundle.name,
      imageName: bundle.name,
      nanosVersion: release.version,
      hasKlibs: boot.hasKlibs,
    }),
    bootLoader: boot.bootLoader,
    bootFiles: boot.files,
    freeBytes: isReadOnly ? 0 : WRITABLE_ROOT_FREE_BYTES,
    minimumImageBytes: parseSize(manifest.BaseVolumeSz),
    findings,
  };
}

/** What the image's own loader would not find. */
function missingLibraries({ manifest }: PlanOptions, { programPath, elfFiles, entries }: GuestElfFiles): readonly MissingLibrary[] {
  const cwd = manifest.ManifestPassthrough?.cwd;
  return resolveInGuest({
    programPath,
    elfFiles,
    links: new Map(entries.flatMap((entry) => (entry.kind === 'link' ? [[entry.path, entry.target]] : []))),
    libraryPath: manifest.Env?.LD_LIBRARY_PATH?.split(':'),
    workingFolder: typeof cwd === 'string' ? cwd : undefined,
  });
}

interface GuestElfFiles {
  readonly programPath: string;
  /** Guest path → path on this machine. */
  readonly elfFiles: ReadonlyMap<string, string>;
  readonly entries: readonly PlannedEntry[];
}

/** As ops: `Program` is the path inside the image too, from its root (ops fs/manifest.go, AddUserProgram). */
function guestProgramPath(manifest: Manifest, name: string): string {
  return posix.join('/', manifest.Program ?? name);
}

function bundledFile(path: string, { hostPath, sizeBytes, sha256 }: { hostPath: string } & Pick<FileDigest, 'sizeBytes' | 'sha256'>, origin: string): PlannedFile {
  return { kind: 'file', path, sizeBytes, sha256, content: { hostPath }, origin };
}

function plannedEntry(entry: HostEntry, workspaceRoot: string): { planned: PlannedEntry; isElf: boolean } {
  const { kind, guestPath: path, hostPath } = entry;
  if (kind === 'directory') return { planned: { kind, path }, isElf: false };
  if (kind === 'link') return { planned: { kind, path, target: entry.target ?? '' }, isElf: false };
  const { sizeBytes, sha256, head } = digestFile(hostPath);
  return { planned: { kind, path, sizeBytes, sha256, content: { hostPath }, origin: relative(workspaceRoot, hostPath) }, isElf: isElf(head) };
}

function isElf(head: Uint8Array): boolean {
  return head.length > 4 && head[0] === 0x7f && head[1] === 0x45 && head[2] === 0x4c && head[3] === 0x46;
}

function originOf(entry: PlannedEntry): string {
  return entry.kind === 'file' ? entry.origin : `${entry.kind} ${entry.path}`;
}

/** `BaseVolumeSz`: the least size of the whole image (ops fs/mkfs.go, SetFileSystemSize). The manifest's check refuses anything else. */
function parseSize(text: string | undefined): number {
  const match = /^(\d+)([kmg]?)$/i.exec(text ?? '0');
  if (match === null) throw new TypeError(`\`${String(text)}\` is no size`);
  return Number(match[1]) * 1024 ** ['', 'k', 'm', 'g'].indexOf((match[2] ?? '').toLowerCase());
}
