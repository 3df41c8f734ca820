import { type Finding } from '../finding.js';
import { probably, safely } from '../fix/fix.js';
import { nearestKey } from '../suggestion.js';
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
const resourceKeys: ReadonlySet<string> = new Set(['CPUs', 'GPUs', 'Memory']);
const resourcesAdvice = 'Set `resources` in `[package.metadata.package-vm]`; a node takes them from the deployment.';

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
    const advice = resourceKeys.has(key) ? resourcesAdvice : undefined;
    if (!runConfigInImage.has(key)) yield report('no-effect', keys, { keys, advice }, { at: 'key', fix: probably({ kind: 'remove', keys }) });
  }
  const removeVersion = probably({ kind: 'remove', keys: ['NanosVersion'] });
  if (manifest.NanosVersion !== undefined) yield report('nanos-version-ignored', ['NanosVersion'], {}, { at: 'key', fix: removeVersion });
  if (manifest.$schema !== undefined) yield report('schema-key', ['$schema'], {}, { at: 'key', fix: probably({ kind: 'remove', keys: ['$schema'] }) });
}

/** `Program`, which names the program and is its path inside the image. */
export function* programRules({ manifest, program, programs = [], report }: Check): Iterable<Finding> {
  const written = manifest.Program;
  if (written === undefined) return;
  const keys = ['Program'];
  const names = written.split('/').filter((name) => name !== '' && name !== '.');
  const found = names.at(-1) ?? written;
  const name = program ?? found;
  const fix = safely({ kind: 'set', keys, value: name });
  if (names.includes('..')) yield report('program-outside', keys, { program: written, name }, { fix });
  else if (names.slice(0, -1).includes('target')) {
    yield report('program-path', keys, { program: written, guestPath: `/${names.join('/')}`, name }, { fix });
  }
  if (program === undefined && programs.length > 0 && !programs.includes(found)) {
    const meant = nearestKey(found, programs)?.key;
    yield report('unknown-program', keys, { found, programs, meant }, { fix: meant === undefined ? undefined : probably({ kind: 'set', keys, value: meant }) });
  }
  if (found !== name) yield report('other-program', keys, { found, expected: name }, { fix: probably({ kind: 'set', keys, value: name }) });
}
