import { formatKeys, shorten } from '../keys.js';
import { type Suggestion } from '../suggestion.js';
import { type AtKey, type Wording, error, refused, warning, suggestionHint } from './wording.js';

/** What the kernel would make of `ManifestPassthrough` and `Debugflags`. */
export const passthroughWordings = {
  'reserved-key': {
    ...refused,
    message: ({ keys }: AtKey) => `\`${formatKeys(keys)}\` would replace what packaging writes into the image`,
    hint: () => 'Use the keys at the top level: `Program`, `Args`, `Env`, `Mounts`, `Klibs`.',
  },
  'misspelt-passthrough-key': {
    ...error,
    message: ({ keys }: AtKey & { suggestion: Suggestion }) => `The kernel does not know \`${formatKeys(keys)}\` and would ignore it`,
    hint: ({ suggestion }: AtKey & { suggestion: Suggestion }) => suggestionHint(suggestion) ?? 'Remove it.',
  },
  'unknown-passthrough-key': {
    ...warning,
    message: ({ keys }: AtKey) => `The kernel does not read \`${formatKeys(keys)}\`; it is written into the image as it is`,
    hint: () => 'Remove it, or allow this finding with a reason.',
  },
  'unknown-debug-flag': {
    ...warning,
    message: ({ flag }: { flag: string; suggestion: Suggestion | undefined }) =>
      `\`${shorten(flag)}\` in \`Debugflags\` is no flag that the kernel reads`,
    hint: ({ suggestion }: { flag: string; suggestion: Suggestion | undefined }) => suggestionHint(suggestion) ?? 'Remove it.',
  },
  'no-flag': {
    ...error,
    message: ({ flag }: { flag: string }) => `\`${flag}\` in \`Debugflags\` would be set to \`t\`, but takes a value of its own`,
    hint: ({ flag }: { flag: string }) => `Set \`${flag}\` in \`ManifestPassthrough\` instead.`,
  },
  'presence-flag': {
    ...error,
    message: ({ keys, value }: AtKey & { value: string; isNeeded: boolean }) => `\`${formatKeys(keys)}\` is on, although its value is \`"${value}"\``,
    hint: ({ isNeeded }: AtKey & { value: string; isNeeded: boolean }) => (isNeeded ? 'Write `"true"`: a node needs it.' : 'Its presence enables it: remove the key.'),
  },
  'klib-missing': {
    ...warning,
    message: ({ keys, klib }: AtKey & { klib: string }) =>
      `\`${formatKeys(keys)}\` is read by the klib \`${klib}\`, which is not in \`Klibs\``,
    hint: ({ klib }: AtKey & { klib: string }) => `Add \`"${klib}"\` to \`Klibs\`, or remove the key.`,
  },
  'klib-unset': {
    ...error,
    message: ({ klib }: { klib: string }) => `The klib \`${klib}\` fails without \`ManifestPassthrough.${klib}\`, and the boot with it`,
    hint: ({ klib }: { klib: string }) => `Add \`"${klib}"\` to \`ManifestPassthrough\`, or remove the klib.`,
  },
} satisfies Record<string, Wording>;
