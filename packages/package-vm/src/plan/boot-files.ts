import { BOOT_FILE_SYSTEM_BYTES } from '@package-vm/disk-image';
import { type Finding, type Keys, type Manifest, type Place } from '@package-vm/manifest';
import { type NanosRelease, type ReleaseFile } from '../nanos-release/nanos-release.js';
import { planFinding } from './plan-findings.js';
import { type PlannedFile } from './plan.js';

export interface BootFiles {
  readonly bootLoader: PlannedFile;
  readonly files: readonly PlannedFile[];
  readonly hasKlibs: boolean;
  readonly findings: readonly Finding[];
}

export interface BootFilesOptions {
  readonly manifest: Manifest;
  readonly release: NanosRelease;
  readonly placeOf: (keys: Keys) => Place;
}

/** The kernel, and the klibs that the manifest asks for, from a Nanos release. */
export function bootFiles({ manifest, release, placeOf }: BootFilesOptions): BootFiles {
  const findings: Finding[] = [];
  const files = [releaseFile(required(release, 'kernel.img'), '/kernel', release)];
  const klibs = klibsOf(manifest);
  for (const klib of klibs) {
    const file = release.files.find(({ name }) => name === `klibs/${klib}`);
    if (file !== undefined) files.push(releaseFile(file, `/klib/${klib}`, release));
    else {
      const index = manifest.Klibs?.indexOf(klib) ?? -1;
      findings.push(planFinding('missing-klib', placeOf(index === -1 ? [] : ['Klibs', index]), { klib, version: release.version, klibs: klibNames(release) }));
    }
  }
  const sizeBytes = files.reduce((sum, file) => sum + file.sizeBytes, 0);
  if (sizeBytes > BOOT_FILE_SYSTEM_BYTES) findings.push(planFinding('boot-files-too-large', placeOf(klibs.length === 0 ? [] : ['Klibs']), { sizeBytes, limitBytes: BOOT_FILE_SYSTEM_BYTES }));
  return { bootLoader: releaseFile(required(release, 'boot.img'), 'boot.img', release), files, hasKlibs: klibs.length > 0, findings };
}

/** As ops, which adds klibs that others need (ops lepton/image.go; fs/manifest.go, AddKlibs). Sorted, each once. */
function klibsOf(manifest: Manifest): readonly string[] {
  const klibs = new Set(manifest.Klibs);
  if (manifest.Env?.RADAR_KEY !== undefined) klibs.add('tls').add('radar');
  if (manifest.ManifestPassthrough?.firewall !== undefined) klibs.add('firewall');
  if (klibs.has('cloud_init')) klibs.add('tls');
  return [...klibs].sort();
}

function klibNames(release: NanosRelease): readonly string[] {
  return release.files.filter(({ name }) => name.startsWith('klibs/')).map(({ name }) => name.slice('klibs/'.length));
}

function required(release: NanosRelease, name: string): ReleaseFile {
  const file = release.files.find((candidate) => candidate.name === name);
  // locating a release has checked it
  if (file === undefined) throw new TypeError(`the release has no ${name}`);
  return file;
}

function releaseFile({ name, hostPath, sizeBytes, sha256 }: ReleaseFile, path: string, release: NanosRelease): PlannedFile {
  return { kind: 'file', path, sizeBytes, sha256, content: { hostPath }, origin: `nanos ${release.version} ${name}` };
}
