import { PackageVmError } from '@package-vm/errors';
import { isIP } from 'node:net';
import { posix } from 'node:path';
import { type OpsImage } from './ops-image.js';

/** Keys of a manifest that change an image and name no file of this machine; ops reads them as the user wrote them. */
const KEPT_KEYS = ['Args', 'Debugflags', 'Klibs', 'ManifestPassthrough', 'NameServers', 'NoTrace', 'RebootOnExit'];
const KEPT_RUN_CONFIG_KEYS = ['Gateway', 'IPAddress', 'IPv6Address', 'NetMask', 'Nics', 'Ports'];

/** Where the staged files are, relative to the configuration and to the working folder. */
export interface StagedPaths {
  /** Folders, links and the program. */
  readonly tree: string;
  /** Taken for the root of the machine. */
  readonly targetRoot: string;
  /** Guest paths without their first `/` of the files in the working folder. */
  readonly files: readonly string[];
}

/**
 * The manifest as ops gets it: every path leads into the staged folder.
 *
 * @throws PVM_OPS_UNSUPPORTED for what ops would ignore without a word
 */
export function opsConfiguration({ manifest, program, imageName, mounts, minimumImageBytes }: OpsImage, { tree, targetRoot, files }: StagedPaths): Readonly<Record<string, unknown>> {
  const runConfig = (manifest.RunConfig ?? {}) as Readonly<Record<string, unknown>>;
  const env = (manifest.Env ?? {}) as Readonly<Record<string, unknown>>;
  refuseIgnoredValues(manifest.BaseVolumeSz, runConfig);
  return {
    ...pick(manifest, KEPT_KEYS),
    Program: program,
    Env: { IMAGE_NAME: imageName, ...(env.RADAR_KEY === undefined ? {} : { RADAR_IMAGE_NAME: imageName }), ...env },
    Mounts: mounts,
    Files: files,
    MapDirs: { [`${tree}/*`]: rootOtherThan((manifest.Args ?? []) as readonly unknown[]) },
    TargetRoot: targetRoot,
    RunConfig: pick(runConfig, KEPT_RUN_CONFIG_KEYS),
    ...(minimumImageBytes === 0 ? {} : { BaseVolumeSz: String(minimumImageBytes) }),
  };
}

/** A flag of ops for what it does not take from its configuration: the flag's default overrides `NetMask` (ops cmd/flags_build_image.go, MergeToConfig). */
export function networkFlags({ manifest }: OpsImage): readonly string[] {
  const { NetMask } = (manifest.RunConfig ?? {}) as { readonly NetMask?: string };
  return NetMask === undefined || NetMask === '' ? [] : ['--netmask', NetMask];
}

function pick(values: Readonly<Record<string, unknown>>, keys: readonly string[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(values).filter(([key, value]) => keys.includes(key) && value !== undefined));
}

/** The root folder, written so that no argument has its base name: ops would refuse it (ops lepton/image.go, setManifestFromConfig). */
function rootOtherThan(args: readonly unknown[]): string {
  return ['/', '/.', '/x/..'].find((root) => !args.includes(posix.basename(root) || '/')) ?? '/';
}

/** ops leaves out a size or an address that it cannot read, and IPv6 addresses of `Nics` (ops lepton/image.go, createImageFile, BuildManifest; cmd/flags_config.go). */
function refuseIgnoredValues(size: unknown, runConfig: Readonly<Record<string, unknown>>): void {
  if (size !== undefined && !(typeof size === 'string' && /^\d+[kmg]?$/i.test(size))) throw ignored('BaseVolumeSz', size, 'a number with `k`, `m` or `g` after it');
  for (const key of ['IPAddress', 'Gateway', 'NetMask']) {
    const value = runConfig[key];
    if (value !== undefined && value !== '' && !(typeof value === 'string' && isIP(value) !== 0)) throw ignored(`RunConfig.${key}`, value, 'an IP address');
  }
  for (const [index, nic] of ((runConfig.Nics ?? []) as readonly { readonly IPv6Address?: unknown }[]).entries()) {
    if (nic.IPv6Address !== undefined) throw ignored(`RunConfig.Nics[${index}].IPv6Address`, nic.IPv6Address, 'none: use the engine `builtin`');
  }
}

function ignored(key: string, value: unknown, expected: string): PackageVmError {
  return new PackageVmError('PVM_OPS_UNSUPPORTED', `\`${key}\` is \`${String(value)}\`, which ops would ignore; expected ${expected}`);
}
