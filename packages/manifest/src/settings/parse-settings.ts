import { type Finding, type Keys, type Place } from '../finding.js';
import { finding, isAllowable } from '../findings.js';
import { checkValue } from '../json-schema/check-value.js';
import { knownKeys, shippedSchema } from '../json-schema/json-schema.js';
import { type Suggestion, nearestKey, withoutStyle } from '../suggestion.js';
import { type InputSetting, type Settings, type SettingsOfOneProgram } from './settings-schema.js';

export interface ParsedSettings {
  /** Without the parts that a finding is about; not to be used while {@link hasErrors} says so. */
  readonly settings: Settings;
  readonly findings: readonly Finding[];
}

export interface SettingsWhere {
  /** The `Cargo.toml`, as findings name it. */
  readonly file: string;
  /** The crate's programs, where they are known. */
  readonly programs?: readonly string[];
}

/** Where the settings stand in a `Cargo.toml`. */
export const settingsPath: Keys = ['package', 'metadata', 'package-vm'];

/**
 * Reads the TOML value of `[package.metadata.package-vm]`, already parsed; `undefined` where there is none. Keys have exactly the documented
 * spelling. What is documented and not built yet is refused as `not-supported`, never ignored.
 */
export function parseSettings(raw: unknown, where: SettingsWhere): ParsedSettings {
  if (raw === undefined) return { settings: {}, findings: [] };
  const place = (keys: Keys): Place => ({ file: where.file, keys: [...settingsPath, ...keys] });
  const { value, findings } = checkValue(shippedSchema('settings'), raw, { place, suggest });
  // the schema is made from the type
  const settings = (value ?? {}) as Settings;
  return { settings, findings: [...findings.map(withoutFix), ...settingsRules(settings, place), ...namesOfPrograms(settings, place, where)] };
}

/** Settings that nobody reads, since `[package.metadata]` has them under another name: `package_vm`. */
export function misnamedSettings(metadata: Readonly<Record<string, unknown>>, { file }: Pick<SettingsWhere, 'file'>): readonly Finding[] {
  const right = settingsPath.at(-1)?.toString() ?? '';
  const misnamed = Object.keys(metadata).filter((key) => key !== right && withoutStyle(key) === withoutStyle(right));
  return misnamed.map((key) => {
    const keys = [...settingsPath.slice(0, -1), key];
    return finding('unknown-key', { file, keys }, { keys, suggestion: { key: right } });
  });
}

/** Settings in `[workspace.metadata]`, which is no place for them: each crate has its own. */
export function workspaceSettings(metadata: Readonly<Record<string, unknown>>, { file }: Pick<SettingsWhere, 'file'>): readonly Finding[] {
  const name = settingsPath.at(-1)?.toString() ?? '';
  const misplaced = Object.keys(metadata).filter((key) => withoutStyle(key) === withoutStyle(name));
  const suggestion = { advice: `Each crate has its own: write them to \`[${settingsPath.join('.')}]\` of its \`Cargo.toml\`.` };
  return misplaced.map((key) => {
    const keys = ['workspace', 'metadata', key];
    return finding('unknown-key', { file, keys }, { keys, suggestion });
  });
}

function* namesOfPrograms(settings: Settings, place: (keys: Keys) => Place, { programs = [] }: SettingsWhere): Iterable<Finding> {
  for (const found of Object.keys(settings.programs ?? {})) {
    const keys = ['programs', found];
    if (programs.length > 0 && !programs.includes(found)) yield finding('unknown-program', place(keys), { keys, found, programs, meant: nearestKey(found, programs)?.key });
  }
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
