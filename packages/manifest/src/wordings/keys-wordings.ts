import { type Fix, type Keys } from '../finding.js';
import { formatKeys, kindOf, shorten } from '../keys.js';
import { isSecretValue } from '../rules/secrets.js';
import { type Suggestion } from '../suggestion.js';
import { exampleOf, keysThere, setByFix } from './next-step.js';
import { type AtKey, type Wording, refused, suggestionHint } from './wording.js';

/** Keys, types and the form of values. */
export const keysWordings = {
  'unknown-key': {
    ...refused,
    message: ({ keys }: AtKey & { suggestion: Suggestion | undefined }) => {
      const parent = keys.slice(0, -1);
      const key = `\`${shorten(String(keys.at(-1)))}\` is not a`;
      return parent.length === 0 ? `${key} known key` : `${key} key of \`${formatKeys(parent)}\``;
    },
    hint: ({ keys, suggestion }: AtKey & { suggestion: Suggestion | undefined }) =>
      suggestionHint(suggestion) ?? keysThere(keys.slice(0, -1)) ?? 'Remove it; docs/manifest.md lists the keys.',
  },
  'wrong-type': {
    ...refused,
    message: ({ keys, expected, value }: AtKey & { expected: string; value: unknown; advice?: string | undefined }) =>
      keys.length === 0 ? `Expected ${expected}, found ${kindOf(value)}` : `\`${formatKeys(keys)}\` must be ${expected}, found ${kindOf(value)}`,
    hint: ({ keys, advice, value }: AtKey & { expected: string; value: unknown; advice?: string | undefined }, fix: Fix | undefined) =>
      advice ?? setByFix(fix) ?? (value === null && keys.length > 0 ? (typeof keys.at(-1) === 'number' ? 'Remove it.' : 'Remove the key.') : (exampleOf(keys) ?? 'Write an object: `{ "Program": "my_prover" }`.')),
  },
  'quote-it': {
    ...refused,
    message: ({ keys, value }: AtKey & { value: unknown }) => `\`${formatKeys(keys)}\` must be a string, found ${kindOf(value)}`,
    hint: ({ value }: AtKey & { value: unknown }) =>
      value === false ? 'Put it in quotes, or remove the key if it is meant to be off.' : 'Put it in quotes.',
  },
  'bad-value': {
    ...refused,
    message: ({ keys, rule, value }: AtKey & { rule: string; value: unknown }) =>
      `\`${formatKeys(keys)}\` ${rule}${isShown(keys, value) ? `, found \`${shorten(String(value))}\`` : ''}`,
    hint: ({ keys }: AtKey & { rule: string; value: unknown }, fix: Fix | undefined) => setByFix(fix) ?? exampleOf(keys) ?? 'Remove the key.',
  },
  'not-supported': {
    ...refused,
    message: ({ keys }: AtKey & { advice?: string | undefined }) => `\`${formatKeys(keys)}\` is not supported yet`,
    hint: ({ advice }: AtKey & { advice?: string | undefined }) => advice ?? 'Remove the key.',
  },
} satisfies Record<string, Wording>;

/** Whether a value can be part of a message: not what may be a secret, nor nothing. */
function isShown(keys: Keys, value: unknown): value is string | number {
  return typeof value === 'number' || (typeof value === 'string' && value !== '' && !isSecretValue(String(keys.at(-1)), value));
}
