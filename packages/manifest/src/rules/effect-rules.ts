import { type Finding, probably } from '../finding.js';
import { type Check } from './check.js';

/** Keys that ops acts on and the image does not show, with what to do instead where there is something. */
export const withoutEffect: Readonly<Record<string, string | undefined>> = {
  BuildDir: undefined,
  CloudConfig: undefined,
  Description: undefined,
  DisableArgsCopy: undefined,
  Force: undefined,
  Language: undefined,
  LocalFilesParentDirectory: 'Set `base` in `[package.metadata.package-vm]` for the folder that paths are relative to.',
  PackageBaseURL: undefined,
  PackageManifestURL: undefined,
  ProgramPath: undefined,
  TargetConfig: undefined,
  Version: undefined,
  VolumesDir: undefined,
  home: undefined,
};

/** Keys of `RunConfig` that are written into the image; the others are for `ops run` alone. */
export const runConfigInImage: ReadonlySet<string> = new Set(['Gateway', 'IPAddress', 'IPv6Address', 'NetMask', 'Nics', 'Ports']);
const resourcesAdvice = 'Set `resources` in `[package.metadata.package-vm]`; a node takes them from the deployment.';
const runConfigAdvice: Readonly<Record<string, string | undefined>> = { CPUs: resourcesAdvice, Memory: resourcesAdvice, GPUs: 'Remove it: a node takes GPUs from the deployment.' };

/** Keys that would change the image and that packaging does not act on yet. */
export const notSupported: Readonly<Record<string, string | undefined>> = {
  Boot: 'Put boot loader, kernel and klibs into one folder and name it with `--nanos-dir`.',
  NightlyBuild: 'Set `nanosVersion` in `[package.metadata.package-vm]`.',
  TFSv4: undefined,
  TargetRoot: 'Set `sysroot` in `[package.metadata.package-vm]`.',
  Uefi: undefined,
  UefiBoot: undefined,
};

/** Keys that do nothing, and keys that should do something and cannot yet. */
export function* effectRules({ manifest, report }: Check): Iterable<Finding> {
  const isSet = ([, value]: readonly [string, unknown]): boolean => value !== undefined && value !== false;
  for (const [key] of Object.entries<unknown>(manifest).filter(isSet)) {
    const keys = [key];
    if (Object.hasOwn(notSupported, key)) yield report('not-supported', keys, { keys, advice: notSupported[key] }, { at: 'key' });
    if (Object.hasOwn(withoutEffect, key)) yield report('no-effect', keys, { keys, advice: withoutEffect[key] }, { at: 'key', fix: probably({ kind: 'remove', keys }) });
  }
  for (const [key] of Object.entries<unknown>(manifest.RunConfig ?? {}).filter(isSet)) {
    const keys = ['RunConfig', key];
    if (!runConfigInImage.has(key)) yield report('no-effect', keys, { keys, advice: runConfigAdvice[key] }, { at: 'key', fix: probably({ kind: 'remove', keys }) });
  }
  const { exec_protection: isProtected, program_overwrite: isOverwritten } = manifest.ManifestPassthrough ?? {};
  if (isProtected !== undefined && isOverwritten !== undefined) {
    const keys = ['ManifestPassthrough', 'program_overwrite'];
    yield report('no-effect', keys, { keys, advice: 'Remove it: `exec_protection` stands above it.' }, { at: 'key', fix: probably({ kind: 'remove', keys }) });
  }
  const size = manifest.BaseVolumeSz;
  if (size !== undefined && bytesOf(size) <= BOOT_FILE_SYSTEM_BYTES) yield report('size-too-small', ['BaseVolumeSz'], { size });
  const removeVersion = probably({ kind: 'remove', keys: ['NanosVersion'] });
  if (manifest.NanosVersion !== undefined) yield report('nanos-version-ignored', ['NanosVersion'], {}, { at: 'key', fix: removeVersion });
  if (manifest.$schema !== undefined) yield report('schema-key', ['$schema'], {}, { at: 'key', fix: probably({ kind: 'remove', keys: ['$schema'] }) });
}

/** Of every image: kernel and klibs are in it (nanos src/config.h, BOOTFS_SIZE). */
const BOOT_FILE_SYSTEM_BYTES = 12 * 1024 * 1024;

function bytesOf(size: string): number {
  return Number.parseInt(size, 10) * 1024 ** ' kmg'.indexOf(/[kmg]/i.exec(size)?.[0].toLowerCase() ?? ' ');
}
