import { type Tuple, type Value } from '@package-vm/disk-image';
import { type Manifest, type Platform, mountsForImage } from '@package-vm/manifest';

export interface RootAttributesOptions {
  readonly manifest: Manifest;
  readonly platform: Platform;
  /** Guest path of the program. */
  readonly programPath: string;
  /** What the program sees as its name, `argv[0]`. */
  readonly programName: string;
  /** Name of the program, the image's name too. */
  readonly imageName: string;
  readonly nanosVersion: string;
  readonly hasKlibs: boolean;
}

/**
 * The attributes of the root tuple that a manifest asks for, as ops writes them (ops lepton/image.go, fs/manifest.go), but for
 * what depends on the machine: no `OPS_VERSION`. Sorted, so that no map order gets into an image.
 */
export function rootAttributes(options: RootAttributesOptions): Tuple {
  const { manifest, programPath, programName } = options;
  const attributes: Record<string, unknown> = {
    program: programPath,
    arguments: [programName, ...(manifest.Args ?? [])],
    environment: environment(options),
  };
  const mounts = mountsForImage(manifest, options.platform);
  if (mounts.size > 0) attributes.mounts = Object.fromEntries(mounts);
  // the kernel looks for its libraries in the boot file system
  if (options.hasKlibs) attributes.klibs = 'bootfs';
  if (manifest.RebootOnExit === true) attributes.reboot_on_exit = 't';
  for (const flag of manifest.Debugflags ?? []) attributes[flag] = 't';
  if (manifest.NoTrace !== undefined && manifest.NoTrace.length > 0) attributes.notrace = manifest.NoTrace;
  Object.assign(attributes, networkAttributes(manifest), manifest.ManifestPassthrough);
  return toTuple(attributes);
}

function environment({ manifest, imageName, nanosVersion }: RootAttributesOptions): Record<string, string> {
  const ports = manifest.RunConfig?.Ports ?? [];
  return {
    USER: 'root',
    PWD: '/',
    IMAGE_NAME: imageName,
    NANOS_VERSION: nanosVersion,
    NANOS_ARCH: 'amd64',
    ...(manifest.Env?.RADAR_KEY === undefined ? {} : { RADAR_IMAGE_NAME: imageName }),
    ...manifest.Env,
    ...(ports.length === 0 ? {} : { OPS_PORT: ports.join(',') }),
  };
}

/** Of the first interface at the top, of the others under `en2`, `en3`, … As in ops nothing without an address (ops lepton/image.go, BuildManifest). */
function networkAttributes({ RunConfig }: Manifest): Record<string, unknown> {
  const [first = RunConfig, ...others] = RunConfig?.Nics ?? [];
  return { ...addresses(first), ...Object.fromEntries(others.map((nic, index) => [`en${index + 2}`, addresses(nic)])) };
}

type Addresses = Pick<NonNullable<Manifest['RunConfig']>, 'IPAddress' | 'IPv6Address' | 'NetMask' | 'Gateway'>;

function addresses(nic: Addresses | undefined): Record<string, string> {
  if (!nic?.IPAddress && !nic?.IPv6Address) return {};
  return given({ ipaddr: nic.IPAddress, ip6addr: nic.IPv6Address, netmask: nic.NetMask, gateway: nic.Gateway });
}

function given(values: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== ''));
}

function toTuple(values: object): Tuple {
  return new Map(
    Object.entries(values)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, value]) => [key, toValue(value)]),
  );
}

function toValue(value: unknown): Value {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.map(toValue);
  if (typeof value === 'object' && value !== null) return toTuple(value);
  // the manifest's check refuses anything else
  throw new TypeError(`a root attribute cannot be ${typeof value}`);
}
