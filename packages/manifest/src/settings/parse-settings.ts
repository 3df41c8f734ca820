import { type Finding, type Keys, type Place } from '../finding.js';
import { finding, isAllowable } from '../findings.js';
import { checkValue } from '../json-schema/check-value.js';
import { knownKeys, shippedSchema } from '../json-schema/json-schema.js';
import { type Suggestion, nearestKey } from '../suggestion.js';
import { type InputSetting, type Settings, type SettingsOfOneProgram } from './settings-schema.js';

export interface ParsedSettings {
  /** Without the parts that a finding is about; not to be used while {@link hasErrors} says so. */
  readonly settings: Settings;
  readonly findings: readonly Finding[];
}

/** Where the settings stand in a `Cargo.toml`. */
export const settingsPath: Keys = ['package', 'metadata', 'package-vm'];

/**
 * Reads the TOML value of `[package.metadata.package-vm]`, already parsed; `undefined` where there is none. Keys have exactly the documented
 * spelling. What is documented and not built yet is refused as `not-supported`, never ignored.
 */
export function parseSettings(raw: unknown, where: { readonly file: string }): ParsedSettings {
  if (raw === undefined) return { settings: {}, findings: [] };
  const place = (keys: Keys): Place => ({ file: where.file, keys: [...settingsPath, ...keys] });
  const { value, findings } = checkValue(shippedSchema('settings'), raw, { place, suggest });
  // the schema is made from the type
  const settings = (value ?? {}) as Settings;
  return { settings, findings: [...findings.map(withoutFix), ...settingsRules(settings, place)] };
}

/** Fixes are for manifests: a `Cargo.toml` is no JSON. */
function withoutFix({ fix: _, ...finding }: Finding): Finding {
  return finding;
}

function suggest(section: Keys, key: string): Suggestion | undefined {
  return nearestKey(key, knownKeys(shippedSchema('settings'), section) ?? []);
}

function* settingsRules(settings: Settings, place: (keys: Keys) => Place): Iterable<Finding> {
  yield* programRules(settings, [], place);
  for (const [name, program] of Object.entries(settings.programs ?? {})) yield* programRules(program, ['programs', name], place);
  for (const [name, variant] of Object.entries(settings.variants ?? {})) yield* programRules(variant, ['variants', name], place);
}

function* programRules(settings: SettingsOfOneProgram, parent: Keys, place: (keys: Keys) => Place): Iterable<Finding> {
  const unsupported: readonly (readonly [boolean, Keys])[] = [
    [settings.allowOutside !== undefined, ['allowOutside']],
    [(settings.resources?.gpus ?? 0) > 0, ['resources', 'gpus']],
  ];
  for (const [isUsed, path] of unsupported) {
    const keys = [...parent, ...path];
    if (isUsed) yield finding('not-supported', place(keys), { keys });
  }
  for (const [index, input] of (settings.inputs ?? []).entries()) {
    const keys = [...parent, 'inputs', index];
    const rule = brokenInputRule(input);
    if (rule !== undefined) yield finding('bad-value', place(keys), { keys, rule, value: undefined });
  }
  for (const [index, { finding: code }] of (settings.allow ?? []).entries()) {
    if (!isAllowable(code)) yield finding('cannot-allow', place([...parent, 'allow', index]), { finding: code });
  }
}

function brokenInputRule(input: InputSetting): string | undefined {
  if (typeof input === 'string') return undefined;
  const kinds = [input.env, input.runtime, input.task].filter((kind) => kind !== undefined);
  if (kinds.length !== 1) return 'must have one of `env`, `runtime` and `task`';
  return input.files !== undefined && input.task === undefined ? 'has `files`, which goes with `task`' : undefined;
}
