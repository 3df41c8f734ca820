import { type Fix, type Keys, type Severity } from '../finding.js';
import { formatKeys } from '../keys.js';
import { type Suggestion } from '../suggestion.js';

/** How one kind of finding is worded. */
export interface Wording {
  readonly severity: Severity;
  /** Whether the settings may accept it, with a reason. What makes an input unreadable cannot be accepted. */
  readonly isAllowable: boolean;
  message(args: never): string;
  /** The one next step. */
  hint(args: never, fix: Fix | undefined): string;
}

export interface AtKey {
  readonly keys: Keys;
}

export const refused = { severity: 'error', isAllowable: false } as const;
export const error = { severity: 'error', isAllowable: true } as const;
export const warning = { severity: 'warning', isAllowable: true } as const;
export const note = { severity: 'note', isAllowable: true } as const;

export function suggestionHint(suggestion: Suggestion | undefined): string | undefined {
  const { key, section, advice } = suggestion ?? {};
  if (advice !== undefined || key === undefined) return advice;
  if (section === undefined) return `Did you mean \`${key}\`?`;
  return section.length === 0 ? `\`${key}\` belongs at the top level.` : `\`${key}\` belongs in \`${formatKeys(section)}\`.`;
}
