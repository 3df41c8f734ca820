import { type Finding, type Keys, probably } from '../finding.js';
import { type Check } from './check.js';

/** What is written of a network and does nothing, or not what was meant. */
export function* networkRules(check: Check): Iterable<Finding> {
  yield* portRules(check);
  yield* addressRules(check);
  yield* consoleRules(check);
}

function* portRules({ manifest, report }: Check): Iterable<Finding> {
  for (const list of ['Ports', 'UDPPorts'] as const) {
    for (const [index, value] of (manifest.RunConfig?.[list] ?? []).entries()) {
      const [from, to = from] = value.split('-').map(Number);
      const keys = ['RunConfig', list, index];
      if (Number(from) > Number(to)) yield report('bad-value', keys, { keys, rule: 'must be a range from a port to a higher one', value });
    }
  }
}

/** Neither ops nor the kernel looks at a mask or a gateway of an interface without address (ops lepton/image.go, BuildManifest; nanos src/net/net.c). */
function* addressRules({ manifest, report }: Check): Iterable<Finding> {
  const { RunConfig = {}, ManifestPassthrough = {} } = manifest;
  const { Nics: nics = [] } = RunConfig;
  const hasAddress = (nic: Interface | undefined): boolean => nic?.IPAddress !== undefined || nic?.IPv6Address !== undefined;
  const named = Object.entries(ManifestPassthrough).filter(([key, value]) => /^en\d$/.test(key) && isObject(value));
  const interfaces: readonly (readonly [object, Keys, boolean, string])[] = [
    [RunConfig, ['RunConfig'], hasAddress(RunConfig), 'IPAddress'],
    ...nics.map((nic, index) => [nic, ['RunConfig', 'Nics', index], hasAddress(nic), 'IPAddress'] as const),
    [ManifestPassthrough, ['ManifestPassthrough'], ManifestPassthrough.ipaddr !== undefined || hasAddress(RunConfig) || hasAddress(nics[0]), 'ipaddr'],
    ...named.map(([key, value]) => [Object(value) as object, ['ManifestPassthrough', key], Object.hasOwn(Object(value) as object, 'ipaddr'), 'ipaddr'] as const),
  ];
  for (const [settings, parent, isGiven, address] of interfaces) {
    for (const key of isGiven ? [] : Object.keys(settings).filter((name) => /^(NetMask|Gateway|netmask|gateway)$/.test(name))) {
      const keys = [...parent, key];
      yield report('no-effect', keys, { keys, advice: `Give \`${address}\` as well, or remove the key.` }, { at: 'key', fix: probably({ kind: 'remove', keys }) });
    }
  }
}

interface Interface {
  readonly IPAddress?: string | undefined;
  readonly IPv6Address?: string | undefined;
}

/** The network console is off, and not looked at, until it is turned on (nanos src/drivers/console.c). */
function* consoleRules({ manifest, report }: Check): Iterable<Finding> {
  const { consoles, ...passthrough } = manifest.ManifestPassthrough ?? {};
  if (Array.isArray(consoles) && consoles.includes('+net')) return;
  for (const key of ['netconsole_ip', 'netconsole_port'].filter((name) => Object.hasOwn(passthrough, name))) {
    const keys = ['ManifestPassthrough', key];
    yield report('no-effect', keys, { keys, advice: 'Add `"+net"` to `consoles`, or remove the key.' }, { at: 'key', fix: probably({ kind: 'remove', keys }) });
  }
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
