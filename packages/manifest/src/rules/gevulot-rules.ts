import { type Finding, probably, safely } from '../finding.js';
import { mountsForImage } from '../mounts.js';
import { suggestManifestKey } from '../suggest-manifest-key.js';
import { nearestKey } from '../suggestion.js';
import { type Check } from './check.js';

const WORKSPACE = '/workspace';

/** What a Gevulot node needs of an image: it attaches it read-only, shares one folder as `/workspace`, and gives no network. */
export function* gevulotRules(check: Check): Iterable<Finding> {
  yield* mountRules(check);
  const keys = ['ManifestPassthrough', 'readonly_rootfs'];
  if (!isFlagOn(check, 'readonly_rootfs')) {
    yield check.report('writable-root', ['ManifestPassthrough'], {}, { at: 'key', fix: safely({ kind: 'set', keys, value: 'true' }) });
  }
  yield* exitRules(check);
  yield* networkRules(check);
}

function* mountRules({ manifest, report, isWhole }: Check): Iterable<Finding> {
  const mounts = Object.entries(manifest.Mounts ?? {});
  const workspace = mounts.find(([, guestPath]) => withoutReadOnly(guestPath) === WORKSPACE);
  const misspelt = workspace === undefined ? misspeltWorkspace(mounts) : undefined;
  const others = mounts.filter((mount) => mount !== workspace && mount !== misspelt?.mount);
  const firstAt = new Map(mounts.toReversed().map(([key, guestPath]) => [withoutReadOnly(guestPath), key]));
  for (const [key, guestPath] of others) {
    // a second mount in one place is told of as that
    if (firstAt.get(withoutReadOnly(guestPath)) !== key) continue;
    const keys = ['Mounts', key];
    yield report('extra-mount', keys, { keys, guestPath }, { fix: probably({ kind: 'remove', keys }) });
  }
  if (misspelt !== undefined) {
    const { mount: [key, guestPath], isSure } = misspelt;
    const keys = ['Mounts', key];
    yield report('workspace-misspelt', keys, { keys, guestPath }, { fix: (isSure ? safely : probably)({ kind: 'set', keys, value: WORKSPACE }) });
    return;
  }
  if (workspace === undefined) {
    const fix = mounts.length === 0 ? safely({ kind: 'set', keys: ['Mounts', '%0'], value: '/workspace' }) : undefined;
    if (isWhole('Mounts')) yield report('workspace-missing', ['Mounts'], {}, { at: 'key', fix });
    return;
  }
  const keys = ['Mounts', workspace[0]];
  if (workspace[1].endsWith(':ro')) yield report('workspace-read-only', keys, {}, { fix: safely({ kind: 'set', keys, value: '/workspace' }) });
  const [written] = [...mountsForImage(manifest, 'gevulot').keys()];
  if (others.length === 0 && written !== undefined && written !== workspace[0]) {
    yield report('mount-renumbered', keys, { keys, written }, { at: 'key', fix: probably({ kind: 'rename', keys, to: written }) });
  }
}

function withoutReadOnly(guestPath: string): string {
  return guestPath.replace(/:ro$/, '');
}

/** The only mount that nearly is the workspace. */
function misspeltWorkspace(mounts: readonly (readonly [string, string])[]): { mount: readonly [string, string]; isSure: boolean } | undefined {
  const [near, ...others] = mounts.flatMap((mount) => {
    const { isSure } = nearestKey(withoutReadOnly(mount[1]), [WORKSPACE]) ?? {};
    return isSure === undefined ? [] : [{ mount, isSure }];
  });
  return others.length === 0 ? near : undefined;
}

function* exitRules(check: Check): Iterable<Finding> {
  const { manifest, report } = check;
  const ends = [['reboot_on_exit', 'reboot-on-exit'], ['idle_on_exit', 'idle-on-exit']] as const;
  if (manifest.RebootOnExit === true) yield report('reboot-on-exit', ['RebootOnExit'], { keys: ['RebootOnExit'] }, { at: 'key', fix: safely({ kind: 'remove', keys: ['RebootOnExit'] }) });
  for (const [key, code] of ends) {
    const index = manifest.Debugflags?.indexOf(key) ?? -1;
    const uses = [...(manifest.ManifestPassthrough?.[key] === undefined ? [] : [['ManifestPassthrough', key]]), ...(index === -1 ? [] : [['Debugflags', index]])];
    for (const keys of uses) yield report(code, keys, { keys }, { at: 'key', fix: safely({ kind: 'remove', keys }) });
  }
  const fix = probably({ kind: 'set', keys: ['ManifestPassthrough', 'debug_exit'], value: 'true' });
  if (!isFlagOn(check, 'debug_exit')) yield report('exit-code-unknown', ['ManifestPassthrough'], {}, { at: 'key', fix });
}

/** What sets up a network, which a node does not have. */
function* networkRules({ manifest, report }: Check): Iterable<Finding> {
  const { RunConfig = {}, ManifestPassthrough = {} } = manifest;
  const used = [
    ...(manifest.NameServers === undefined ? [] : [['NameServers']]),
    ...['IPAddress', 'IPv6Address', 'NetMask', 'Gateway', 'Nics', 'Ports'].filter((key) => Object.hasOwn(RunConfig, key)).map((key) => ['RunConfig', key]),
    ...Object.keys(ManifestPassthrough).filter((key) => networkKeys.has(key) || /^en\d+$/.test(key)).map((key) => ['ManifestPassthrough', key]),
  ];
  for (const keys of used) yield report('no-network', keys, { keys }, { at: 'key', fix: probably({ kind: 'remove', keys }) });
}

const networkKeys: ReadonlySet<string> = new Set(['ipaddr', 'netmask', 'gateway', 'ip6addr', 'mtu', 'exec_wait_for_ip4_secs', 'exec_wait_for_ip6_secs', 'netconsole_ip', 'netconsole_port', 'ntp_servers']);

/** Whether a presence flag is given, or was given in a way that another finding is about. */
function isFlagOn({ manifest, isWhole }: Check, flag: 'readonly_rootfs' | 'debug_exit'): boolean {
  const keys = Object.keys(manifest.ManifestPassthrough ?? {});
  const flags = [...keys, ...(manifest.Debugflags ?? [])];
  const isMeant = (key: string): boolean => key === flag || suggestManifestKey(['ManifestPassthrough'], key)?.key === flag;
  return flags.includes(flag) || !isWhole('ManifestPassthrough', flag) || flags.slice(0, MAX_SUGGESTIONS).some(isMeant);
}

/** A suggestion costs time, and a manifest has a handful of flags. */
const MAX_SUGGESTIONS = 50;
