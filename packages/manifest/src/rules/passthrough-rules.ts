import { type Change, type Finding, type Fix, type Keys, probably, safely } from '../finding.js';
import { knownKeys, schemaAt, shippedSchema } from '../json-schema/json-schema.js';
import { suggestManifestKey } from '../suggest-manifest-key.js';
import { type Suggestion } from '../suggestion.js';
import { type Check } from './check.js';

const section = 'ManifestPassthrough';
const soundsOff = /^(false|f|no|n|off|0|)$/i;

/** Written by packaging itself; a value in the passthrough would replace it (ops lepton/image.go:454, fs/manifest.go). */
export const reservedKeys: ReadonlySet<string> = new Set(['program', 'arguments', 'environment', 'mounts', 'klibs', 'children', 'boot']);

/** What the kernel would make of `ManifestPassthrough` and `Debugflags`, about which it never complains. */
export function* passthroughRules(check: Check): Iterable<Finding> {
  const { manifest, report } = check;
  const passthrough = manifest.ManifestPassthrough ?? {};
  yield* unknownKeys(check, passthrough, [section]);
  yield* presenceFlags(check, passthrough, [section]);
  for (const [index, flag] of (manifest.Debugflags ?? []).entries()) {
    const keys = ['Debugflags', index];
    if (reservedKeys.has(flag)) yield report('reserved-key', keys, { keys });
    else if (!isKnown([section], flag)) {
      const suggestion = suggestManifestKey([section], flag);
      yield report('unknown-debug-flag', keys, { flag, suggestion }, { fix: renamed(suggestion, (value) => ({ kind: 'set', keys, value })) });
    } else if (!takesTrue(flag)) yield report('no-flag', keys, { flag });
  }
}

/** What a debug flag may be beside a presence flag: ops sets it to `t`. */
function takesTrue(flag: string): boolean {
  return schemaAt(shippedSchema('manifest'), [section, flag])?.isFlag === true || ['trace', 'reboot_on_exit', 'idle_on_exit'].includes(flag);
}

/** Flags at any depth whose value says that they are off. */
function* presenceFlags(check: Check, value: object, parent: Keys): Iterable<Finding> {
  for (const [key, member] of Object.entries(value) as [string, unknown][]) {
    const keys = [...parent, key];
    const { isFlag, type } = schemaAt(shippedSchema('manifest'), keys) ?? {};
    if (isFlag === true && typeof member === 'string' && soundsOff.test(member)) {
      yield check.report('presence-flag', keys, { keys, value: member, isNeeded: isNeeded(check, keys) }, { fix: presenceFix(check, keys) });
    }
    if (type === 'object' && typeof member === 'object' && member !== null && !Array.isArray(member)) yield* presenceFlags(check, member, keys);
  }
}

/** Whether a node does not do without a flag. */
function isNeeded({ platform }: Check, keys: Keys): boolean {
  return platform === 'gevulot' && keys.length === 2 && keys[1] === 'readonly_rootfs';
}

function presenceFix(check: Check, keys: Keys): Fix {
  if (isNeeded(check, keys)) return safely({ kind: 'set', keys, value: 'true' });
  return (check.platform === 'gevulot' && keys[1] === 'debug_exit' ? probably : safely)({ kind: 'remove', keys });
}

function* unknownKeys(check: Check, value: object, parent: Keys): Iterable<Finding> {
  // no schema: an unknown key's value, or one with a form of its own
  if (schemaAt(shippedSchema('manifest'), parent)?.type !== 'object') return;
  for (const [key, member] of Object.entries(value) as [string, unknown][]) {
    const keys = [...parent, key];
    if (parent.length === 1 && reservedKeys.has(key)) yield check.report('reserved-key', keys, { keys }, { at: 'key' });
    else if (isKnown(parent, key)) {
      if (typeof member === 'object' && member !== null && !Array.isArray(member)) yield* unknownKeys(check, member, keys);
    } else {
      const suggestion = suggestManifestKey(parent, key);
      const isFree = suggestion?.key !== undefined && !Object.hasOwn(value, suggestion.key);
      const fix = isFree ? renamed(suggestion, (to) => ({ kind: 'rename', keys, to })) : undefined;
      yield suggestion === undefined
        ? check.report('unknown-passthrough-key', keys, { keys }, { at: 'key' })
        : check.report('misspelt-passthrough-key', keys, { keys, suggestion }, { at: 'key', fix });
    }
  }
}

/** What makes of a key the one that was suggested, if that is a key of the same section. */
function renamed(suggestion: Suggestion | undefined, change: (key: string) => Change): Fix | undefined {
  if (suggestion?.key === undefined || suggestion.section !== undefined) return undefined;
  return (suggestion.isSure === true ? safely : probably)(change(suggestion.key));
}

/** Whether the schema lists a key, or takes any. */
function isKnown(parent: Keys, key: string): boolean {
  return knownKeys(shippedSchema('manifest'), parent)?.includes(key) ?? true;
}
