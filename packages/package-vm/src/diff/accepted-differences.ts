import { type Difference, type TreePart } from './compare-trees.js';

export type EngineName = 'builtin' | 'ops';

/** A way in which the engines' images are known to differ. */
export interface AcceptedDifference {
  readonly part: TreePart;
  /** The exact path; `*` stands for one name in it. */
  readonly path: string;
  /** The one image that has it; without it both do, with values of their own. */
  readonly onlyIn?: EngineName;
  /** The one value it may have there. */
  readonly value?: unknown;
  /** Why that is right: a sentence for people. */
  readonly reason: string;
}

const emptyAddress = { part: 'attributes', onlyIn: 'ops', value: '', reason: 'ops writes an empty text for each part of an address that is not given; the kernel reads it like none.' } as const;
const commonFile = { part: 'root', onlyIn: 'ops', reason: 'ops adds it from an archive that it downloads without a version; name it in `Files` where a program needs it.' } as const;

/** All of them. An image of `package-vm build --engine ops` shows only the first and the empty addresses; the others are those of `ops build` alone. */
export const acceptedDifferences: readonly AcceptedDifference[] = [
  { part: 'attributes', path: 'environment/OPS_VERSION', onlyIn: 'ops', reason: 'ops adds its own version; ours does not let the tool into the image.' },
  ...['ipaddr', 'ip6addr', 'gateway', 'en*/ipaddr', 'en*/netmask', 'en*/gateway'].map((path) => ({ ...emptyAddress, path })),
  { part: 'attributes', path: 'netmask', onlyIn: 'ops', value: '255.255.255.0', reason: 'ops writes the mask that the kernel takes anyway where none is given.' },
  { part: 'attributes', path: 'netmask', reason: '`ops build` puts 255.255.255.0 in place of any `RunConfig.NetMask`; ours keeps what is given.' },
  {
    part: 'root',
    path: '/proc/self/exe',
    onlyIn: 'builtin',
    reason: 'ops leaves it out and the kernel makes it at the first boot; with it a run leaves the image untouched.',
  },
  { ...commonFile, path: '/etc/ssl/certs/ca-certificates.crt' },
  { ...commonFile, path: '/lib/x86_64-linux-gnu/libnss_dns.so.2' },
  { part: 'attributes', path: 'environment/IMAGE_NAME', reason: 'ops cuts the name at its first dot and takes `RunConfig.ImageName` for it; ours is the name of the program.' },
  { part: 'attributes', path: 'environment/RADAR_IMAGE_NAME', reason: 'As `IMAGE_NAME`.' },
];

/** Why a difference between the builtin engine's image and that of ops is accepted; undefined when it is not. */
export function reasonFor({ part, path, a, b }: Difference, engines: { readonly a: EngineName; readonly b: EngineName }): string | undefined {
  if (engines.a === engines.b) return undefined;
  const isOnlyIn = a === undefined ? engines.b : b === undefined ? engines.a : undefined;
  const found = acceptedDifferences.find(
    (accepted) =>
      accepted.part === part && matches(accepted.path, path) && accepted.onlyIn === isOnlyIn && (accepted.value === undefined || accepted.value === (a ?? b)),
  );
  return found?.reason;
}

function matches(pattern: string, path: string): boolean {
  if (!pattern.includes('*')) return pattern === path;
  const escaped = pattern.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`).replaceAll('*', '[^/]*');
  return new RegExp(`^${escaped}$`).test(path);
}
