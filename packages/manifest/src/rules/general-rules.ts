import { type Finding } from '../finding.js';
import { type Check } from './check.js';

/** Keys that ops acts on and the image does not show, with what to do instead where there is something. */
const withoutEffect: Readonly<Record<string, string | undefined>> = {
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
const runConfigInImage: ReadonlySet<string> = new Set(['Gateway', 'IPAddress', 'IPv6Address', 'NetMask', 'Nics', 'Ports']);
const resourceKeys: ReadonlySet<string> = new Set(['CPUs', 'GPUs', 'Memory']);
const resourcesAdvice = 'Set `resources` in `[package.metadata.package-vm]`; a node takes them from the deployment.';

const releaseAdvice = 'Put boot loader, kernel and klibs into one folder and name it with `--nanos-dir`.';

/** Keys that would change the image and that packaging does not act on yet. */
const notSupported: Readonly<Record<string, string | undefined>> = {
  Boot: releaseAdvice,
  Kernel: releaseAdvice,
  KlibDir: releaseAdvice,
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
    if (Object.hasOwn(notSupported, key)) yield report('not-supported', [key], { keys: [key], advice: notSupported[key] }, 'key');
    if (Object.hasOwn(withoutEffect, key)) yield report('no-effect', [key], { keys: [key], advice: withoutEffect[key] }, 'key');
  }
  for (const [key] of Object.entries<unknown>(manifest.RunConfig ?? {}).filter(isSet)) {
    const keys = ['RunConfig', key];
    const advice = resourceKeys.has(key) ? resourcesAdvice : undefined;
    if (!runConfigInImage.has(key)) yield report('no-effect', keys, { keys, advice }, 'key');
  }
  if (manifest.NanosVersion !== undefined) yield report('nanos-version-ignored', ['NanosVersion'], {}, 'key');
}

/** Arguments and variables that the kernel would drop or cannot take. */
export function* argumentRules({ manifest, report }: Check): Iterable<Finding> {
  for (const [index, argument] of (manifest.Args ?? []).entries()) {
    if (argument === '') yield report('empty-value', ['Args', index], { keys: ['Args', index] });
  }
  for (const [name, value] of Object.entries(manifest.Env ?? {})) {
    const keys = ['Env', name];
    if (name === '' || name.includes('=')) yield report('bad-env-name', keys, { name }, 'key');
    if (value === '') yield report('empty-value', keys, { keys });
  }
}

/** `Program`, which names the program and is its path inside the image. */
export function* programRules({ manifest, program, report }: Check): Iterable<Finding> {
  const written = manifest.Program;
  if (written === undefined) return;
  const names = written.split('/').filter((name) => name !== '' && name !== '.');
  const found = names.at(-1) ?? written;
  const name = program ?? found;
  if (names.includes('..')) yield report('program-outside', ['Program'], { program: written, name });
  else if (names.slice(0, -1).includes('target')) {
    yield report('program-path', ['Program'], { program: written, guestPath: `/${names.join('/')}`, name });
  }
  if (found !== name) yield report('other-program', ['Program'], { found, expected: name });
}
