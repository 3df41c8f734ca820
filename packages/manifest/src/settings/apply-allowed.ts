import { type Finding, type Keys } from '../finding.js';
import { finding, isAllowable, isManifestFinding, wordings } from '../findings.js';
import { nearestKey } from '../suggestion.js';
import { settingsPath } from './parse-settings.js';
import { type AllowedFinding } from './settings-schema.js';

export interface AllowedWhere {
  /** The `Cargo.toml`, as it is named in findings. */
  readonly file: string;
  /** Path of the list inside the settings; `allow` unless given. */
  readonly keys?: Keys;
  /** Whether findings of a code were looked for; all of them, as in a build, unless given. */
  readonly isLookedFor?: (code: string) => boolean;
}

/**
 * The findings, with the reason where the settings allow one. Wants all findings of a build at once, of other packages too: an entry that
 * matches none becomes a warning, where it stands.
 */
export function applyAllowed(findings: readonly Finding[], allow: readonly AllowedFinding[] = [], where: AllowedWhere = { file: 'Cargo.toml' }): readonly Finding[] {
  const { file, keys = ['allow'], isLookedFor = () => true } = where;
  const reasons = new Map(allow.map((entry) => [entry.finding, entry.reason]));
  const isAllowed = ({ code }: Finding): boolean => reasons.has(code) && isAllowable(code);
  const found = new Set(findings.filter(isAllowed).map(({ code }) => code));
  const unused = allow
    .map(({ finding: code }, index) => ({ code, place: { file, keys: [...settingsPath, ...keys, index] } }))
    // an entry that is refused has a finding of its own
    .filter(({ code }) => !found.has(code) && isAllowable(code) && isLookedFor(code));
  return [
    ...findings.map((item) => (isAllowed(item) ? { ...item, allowed: reasons.get(item.code) ?? '' } : item)),
    ...unused.map(({ code, place }) => finding('unused-allow', place, { finding: code, meant: meantBy(code, findings) })),
  ];
}

/** The code that a slip is near to: one that was found, or one of this package. */
function meantBy(code: string, findings: readonly Finding[]): string | undefined {
  return isManifestFinding(code) ? undefined : nearestKey(code, [...findings.map((found) => found.code), ...Object.keys(wordings)])?.key;
}
