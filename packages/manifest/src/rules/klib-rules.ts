import { type Finding, type Keys } from '../finding.js';
import { schemaAt, shippedSchema } from '../json-schema/json-schema.js';
import { type Check } from './check.js';

/** Klibs that fail without their settings, and the boot with them (nanos klib/syslog.c:436). */
const NEEDS_SETTINGS: readonly string[] = ['syslog'];

/** Klibs without their settings, and settings without their klib. */
export function* klibRules(check: Check): Iterable<Finding> {
  yield* missingKlibs(check);
  const { manifest, report } = check;
  const passthrough = manifest.ManifestPassthrough ?? {};
  for (const [index, klib] of (manifest.Klibs ?? []).entries()) {
    const isUnset = NEEDS_SETTINGS.includes(klib) && passthrough[klib] === undefined && check.isWhole('ManifestPassthrough', klib);
    if (isUnset) yield report('klib-unset', ['Klibs', index], { klib });
  }
  const { ntp_poll_min: least, ntp_poll_max: most } = passthrough;
  if (typeof least === 'string' && typeof most === 'string' && Number(least) > Number(most)) {
    const keys = ['ManifestPassthrough', 'ntp_poll_max'];
    yield report('bad-value', keys, { keys, rule: `must not be less than \`ntp_poll_min\`, which is \`${least}\``, value: most });
  }
}

function* missingKlibs({ manifest, isWhole, report }: Check): Iterable<Finding> {
  if (!isWhole('Klibs')) return;
  const used: readonly { readonly key: string; readonly keys: Keys; readonly mustBeFlag?: boolean }[] = [
    ...Object.keys(manifest.ManifestPassthrough ?? {}).map((key) => ({ key, keys: ['ManifestPassthrough', key] })),
    ...(manifest.Debugflags ?? []).map((key, index) => ({ key, keys: ['Debugflags', index], mustBeFlag: true })),
    // written as `notrace`
    ...(manifest.NoTrace === undefined ? [] : [{ key: 'notrace', keys: ['NoTrace'] }]),
  ];
  for (const { key, keys, mustBeFlag } of used) {
    const { klib, isFlag } = schemaAt(shippedSchema('manifest'), ['ManifestPassthrough', key]) ?? {};
    if (mustBeFlag === true && isFlag !== true) continue;
    if (klib !== undefined && !manifest.Klibs?.includes(klib)) yield report('klib-missing', keys, { keys, klib }, { at: 'key' });
  }
}
