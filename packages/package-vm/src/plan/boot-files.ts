import { BOOT_FILE_SYSTEM_BYTES } from '@package-vm/disk-image';
import { type Finding, type Manifest } from '@package-vm/manifest';
import { type BootSourceOptions, bootSource, releaseFile, requiredFile } from './boot-source.js';
import { planFinding } from './plan-findings.js';
import { type PlannedFile } from './plan.js';

export interface BootFiles {
  readonly bootLoader: PlannedFile;
  readonly files: readonly PlannedFile[];
  readonly hasKlibs: boolean;
  readonly findings: readonly Finding[];
}

/** The boot loader, the kernel, and the klibs that the manifest asks for. */
export function bootFiles(options: BootSourceOptions): BootFiles {
  const { manifest, release, placeOf } = options;
  const source = bootSource(options);
  const findings = [...source.findings];
  const files = [source.kernel];
  const klibs = klibsOf(manifest);
  for (const klib of klibs) {
    const file = source.klib(klib);
    if (file !== undefined) files.push(file);
    else {
      const index = manifest.Klibs?.indexOf(klib) ?? -1;
      findings.push(planFinding('missing-klib', placeOf(index === -1 ? [] : ['Klibs', index]), { klib, where: source.klibsAre, klibs: source.klibNames() }));
    }
  }
  const sizeBytes = files.reduce((sum, file) => sum + file.sizeBytes, 0);
  if (sizeBytes > BOOT_FILE_SYSTEM_BYTES) findings.push(planFinding('boot-files-too-large', placeOf(klibs.length === 0 ? [] : ['Klibs']), { sizeBytes, limitBytes: BOOT_FILE_SYSTEM_BYTES }));
  return { bootLoader: releaseFile(requiredFile(release, 'boot.img'), 'boot.img', release), files, hasKlibs: klibs.length > 0, findings };
}

/** As ops, which adds klibs that others need (ops lepton/image.go; fs/manifest.go, AddKlibs). Sorted, each once. */
export function klibsOf(manifest: Manifest): readonly string[] {
  const klibs = new Set(manifest.Klibs);
  if (manifest.Env?.RADAR_KEY !== undefined) klibs.add('tls').add('radar');
  if (manifest.ManifestPassthrough?.firewall !== undefined) klibs.add('firewall');
  if (klibs.has('cloud_init')) klibs.add('tls');
  return [...klibs].sort();
}
