import { type Finding } from '@package-vm/manifest';
import { readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { digestFile } from '../host-files/digest-file.js';
import { type NanosRelease, type ReleaseFile } from '../nanos-release/nanos-release.js';
import { locateHostPath } from './locate-host-path.js';
import { planFinding } from './plan-findings.js';
import { type PlanOptions } from './plan-options.js';
import { type PlannedFile } from './plan.js';
import { findingsOfProblems } from './problem-findings.js';

export type BootSourceOptions = Pick<PlanOptions, 'manifest' | 'placeOf' | 'release' | 'baseFolder' | 'workspaceRoot'>;

/** Where an image's kernel and klibs come from: the Nanos release, or what `Kernel` and `KlibDir` name instead. */
export interface BootSource {
  /** As a reader is told: `the Nanos release 0.1.54`, or a folder. */
  readonly klibsAre: string;
  readonly kernel: PlannedFile;
  readonly klib: (name: string) => PlannedFile | undefined;
  readonly klibNames: () => readonly string[];
  readonly findings: readonly Finding[];
}

/** Finds kernel and klibs, relative to where the manifest's paths start. `KlibDir` replaces all klibs of the release, as in ops (ops fs/manifest.go:142-165). */
export function bootSource(options: BootSourceOptions): BootSource {
  const { manifest, release } = options;
  const findings: Finding[] = [];
  const kernelPath = manifest.Kernel === undefined ? undefined : ownPath('Kernel', manifest.Kernel, options, findings);
  const klibFolder = manifest.KlibDir === undefined ? undefined : ownPath('KlibDir', manifest.KlibDir, options, findings);
  const kernel = kernelPath === undefined ? releaseFile(requiredFile(release, 'kernel.img'), '/kernel', release) : ownFile(kernelPath, '/kernel', options);
  if (klibFolder === undefined) {
    const klibs = new Map(release.files.flatMap((file) => (file.name.startsWith('klibs/') ? [[file.name.slice('klibs/'.length), file] as const] : [])));
    return {
      klibsAre: `the Nanos release ${release.version}`,
      kernel,
      klib: (name) => {
        const file = klibs.get(name);
        return file && releaseFile(file, `/klib/${name}`, release);
      },
      klibNames: () => [...klibs.keys()],
      findings,
    };
  }
  const names = readdirSync(klibFolder, { withFileTypes: true }).flatMap((entry) => (entry.isFile() ? [entry.name] : [])).sort();
  return {
    klibsAre: `\`${manifest.KlibDir ?? ''}\``,
    kernel,
    klib: (name) => (names.includes(name) ? ownFile(join(klibFolder, name), `/klib/${name}`, options) : undefined),
    klibNames: () => names,
    findings,
  };
}

/** A file of the release, which locating the release has checked to be there. */
export function requiredFile(release: NanosRelease, name: string): ReleaseFile {
  const file = release.files.find((candidate) => candidate.name === name);
  if (file === undefined) throw new TypeError(`the release has no ${name}`);
  return file;
}

export function releaseFile({ name, hostPath, sizeBytes, sha256 }: ReleaseFile, path: string, release: NanosRelease): PlannedFile {
  return { kind: 'file', path, sizeBytes, sha256, content: { hostPath }, origin: `nanos ${release.version} ${name}` };
}

function ownFile(hostPath: string, path: string, { workspaceRoot }: BootSourceOptions): PlannedFile {
  const { sizeBytes, sha256 } = digestFile(hostPath);
  return { kind: 'file', path, sizeBytes, sha256, content: { hostPath }, origin: relative(workspaceRoot, hostPath) };
}

/** Where a key's path leads, if to what the key wants. */
function ownPath(key: 'Kernel' | 'KlibDir', path: string, options: BootSourceOptions, findings: Finding[]): string | undefined {
  const located = locateHostPath(path, { baseFolder: options.baseFolder, boundary: options.workspaceRoot });
  if ('problem' in located) {
    findings.push(...findingsOfProblems([{ code: located.problem, path, keys: [key] }], options));
    return undefined;
  }
  const isRight = key === 'Kernel' ? located.stats.isFile() : located.stats.isDirectory();
  if (isRight) return located.hostPath;
  findings.push(planFinding(key === 'Kernel' ? 'not-a-file' : 'not-a-folder', options.placeOf([key]), { path, key }));
  return undefined;
}
