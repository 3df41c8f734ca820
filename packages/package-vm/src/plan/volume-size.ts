import { IMAGE_MAX_BYTES } from '@package-vm/disk-image';
import { type Finding, type Manifest } from '@package-vm/manifest';
import { type PlaceOf } from './plan-options.js';
import { planFinding } from './plan-findings.js';

/** `BaseVolumeSz`: the least size of the whole image in bytes (ops fs/mkfs.go, SetFileSystemSize). The manifest's check refuses what is no size. */
export function volumeSizeBytes({ BaseVolumeSz: size = '0' }: Manifest): number {
  const match = /^(\d+)([kmg]?)$/i.exec(size);
  if (match === null) throw new TypeError(`\`${size}\` is no size`);
  return Number(match[1]) * 1024 ** ['', 'k', 'm', 'g'].indexOf((match[2] ?? '').toLowerCase());
}

/** Whether an image can be as large as the manifest wants it. */
export function volumeFindings({ manifest, placeOf }: { readonly manifest: Manifest; readonly placeOf: PlaceOf }): readonly Finding[] {
  const size = manifest.BaseVolumeSz ?? '0';
  return volumeSizeBytes(manifest) <= IMAGE_MAX_BYTES ? [] : [planFinding('volume-too-large', placeOf(['BaseVolumeSz']), { size, limitBytes: IMAGE_MAX_BYTES })];
}
