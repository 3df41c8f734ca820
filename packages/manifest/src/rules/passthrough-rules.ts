import { type Finding, type Keys } from '../finding.js';
import { knownKeys, schemaAt } from '../schema/known-keys.js';
import { manifestSchema } from '../schema/manifest.js';
import { isPresenceFlag, klibSettings, reservedKeys } from '../schema/passthrough.js';
import { suggestManifestKey } from '../suggest-manifest-key.js';
import { type Check } from './check.js';

const section = 'ManifestPassthrough';
const soundsOff = /^(false|f|no|n|off|0|)$/i;

/** What the kernel would make of `ManifestPassthrough` and `Debugflags`, where it never complains. */
export function* passthroughRules(check: Check): Iterable<Finding> {
  const { manifest, report } = check;
  const passthrough = manifest.ManifestPassthrough ?? {};
  yield* unknownKeys(check, passthrough, [section]);
  for (const [key, value] of Object.entries(passthrough)) {
    const keys = [section, key];
    if (isPresenceFlag(key) && typeof value === 'string' && soundsOff.test(value)) yield report('presence-flag', keys, { keys, value });
    const klib = klibOf.get(key);
    if (klib !== undefined && check.isWhole('Klibs') && !manifest.Klibs?.includes(klib)) yield report('klib-missing', keys, { keys, klib }, 'key');
  }
  for (const [index, flag] of (manifest.Debugflags ?? []).entries()) {
    const keys = ['Debugflags', index];
    if (reservedKeys.has(flag)) yield report('reserved-key', keys, { keys });
    else if (!isKnown([section], flag)) yield report('unknown-debug-flag', keys, { flag, suggestion: suggestManifestKey([section], flag) });
  }
}

const klibOf: ReadonlyMap<string, string> = new Map(
  Object.entries(klibSettings)
    // added by packaging where it is needed, as by ops
    .filter(([klib]) => klib !== 'firewall')
    .flatMap(([klib, settings]) => Object.keys(settings).map((key) => [key, klib] as const)),
);

function* unknownKeys(check: Check, value: object, parent: Keys): Iterable<Finding> {
  // no schema: an unknown key's value, or one with a form of its own
  if (schemaAt(manifestSchema, parent) === undefined) return;
  for (const [key, member] of Object.entries(value) as [string, unknown][]) {
    const keys = [...parent, key];
    if (parent.length === 1 && reservedKeys.has(key)) yield check.report('reserved-key', keys, { keys }, 'key');
    else if (isKnown(parent, key)) {
      if (typeof member === 'object' && member !== null && !Array.isArray(member)) yield* unknownKeys(check, member, keys);
    } else {
      const suggestion = suggestManifestKey(parent, key);
      yield suggestion === undefined
        ? check.report('unknown-passthrough-key', keys, { keys }, 'key')
        : check.report('misspelt-passthrough-key', keys, { keys, suggestion }, 'key');
    }
  }
}

/** Whether the schema lists a key, or takes any. Network interfaces are `en1`, `en2`, … */
function isKnown(parent: Keys, key: string): boolean {
  return (knownKeys(manifestSchema, parent)?.includes(key) ?? true) || (parent.length === 1 && /^en[1-9]\d*$/.test(key));
}
