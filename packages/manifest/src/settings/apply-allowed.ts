import { type Finding } from '../finding.js';
import { finding, isAllowable } from '../findings.js';
import { settingsPath } from './parse-settings.js';
import { type AllowedFinding } from './settings-schema.js';

/**
 * The findings, with the reason where the settings allow one. Wants all findings of a build at once, of other packages too: an entry that
 * matches none becomes a warning, at `where.file` (`Cargo.toml` unless given).
 */
export function applyAllowed(
  findings: readonly Finding[],
  allow: readonly AllowedFinding[] = [],
  where: { readonly file: string } = { file: 'Cargo.toml' },
): readonly Finding[] {
  const reasons = new Map(allow.map((entry) => [entry.finding, entry.reason]));
  const isAllowed = ({ code }: Finding): boolean => reasons.has(code) && isAllowable(code);
  const found = new Set(findings.filter(isAllowed).map(({ code }) => code));
  const unused = allow
    .map(({ finding: code }, index) => ({ code, place: { file: where.file, keys: [...settingsPath, 'allow', index] } }))
    .filter(({ code }) => !found.has(code));
  return [
    ...findings.map((item) => (isAllowed(item) ? { ...item, allowed: reasons.get(item.code) ?? '' } : item)),
    ...unused.map(({ code, place }) => finding('unused-allow', place, { finding: code })),
  ];
}
