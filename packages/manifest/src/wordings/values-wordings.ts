import { type Keys } from '../finding.js';
import { formatKeys, shorten } from '../keys.js';
import { type AtKey, type Wording, error, note, warning } from './wording.js';

const secret = {
  ...warning,
  message: ({ keys }: AtKey) => `\`${formatKeys(keys)}\` looks like a secret: everybody who has the image can read it`,
  hint: () => 'Give it to the program with the task, or allow this finding with a reason.',
};

/** Values with a trap, and keys that do nothing. */
export const valuesWordings = {
  'empty-value': {
    ...warning,
    message: ({ keys }: AtKey) => `\`${formatKeys(keys)}\` is empty; Nanos 0.1.54 drops it, later versions keep it`,
    hint: () => 'Remove it, or give it a value.',
  },
  'joined-arguments': {
    ...warning,
    message: ({ keys }: AtKey) => `\`${formatKeys(keys)}\` is an option with blanks in it, and no shell takes it apart: the program gets it as one argument`,
    hint: () => 'Write each argument as a string of its own: `"--size", "10"`.',
  },
  'program-in-args': {
    ...warning,
    message: ({ keys }: AtKey) => `\`${formatKeys(keys)}\` is the program, whose name comes before \`Args\` by itself`,
    hint: () => 'Remove it, unless it is a command of the program.',
  },
  'bad-env-name': {
    ...error,
    message: ({ name }: { name: string }) => `${name === '' ? 'An empty text' : `\`${shorten(name.replace(/=.*/s, '=…'))}\``} cannot be the name of an environment variable`,
    hint: () => 'A name is not empty and has no `=`.',
  },
  'bad-variable': {
    ...warning,
    message: ({ keys, value, takenFor }: AtKey & { value: string; takenFor: string; advice: string }) => `\`${formatKeys(keys)}\` is \`${shorten(value)}\`, which is ${takenFor}`,
    hint: ({ advice }: AtKey & { value: string; takenFor: string; advice: string }) => advice,
  },
  'pointless-variable': {
    ...warning,
    message: ({ keys }: AtKey & { advice: string }) => `\`${formatKeys(keys)}\` does not do inside a guest what it is for`,
    hint: ({ advice }: AtKey & { advice: string }) => advice,
  },
  'secret-in-env': secret,
  'secret-in-args': secret,
  'secret-in-passthrough': secret,
  'duplicate-entry': {
    ...warning,
    message: ({ keys, value, earlier }: AtKey & { value: string; earlier: Keys }) => `\`${formatKeys(keys)}\` is \`${shorten(value)}\`, as \`${formatKeys(earlier)}\` is`,
    hint: () => 'Remove one of them.',
  },
  'size-too-small': {
    ...warning,
    message: ({ size }: { size: string }) => `\`BaseVolumeSz\` is \`${size}\`, which has no effect: every image is larger`,
    hint: ({ size }: { size: string }) => (/[1-9]\d*$/.test(size) ? `Write a unit, e.g. \`"${size}m"\`, or remove the key.` : 'Give more than the 12 MiB of the boot file system, or remove the key.'),
  },
  'schema-key': {
    ...warning,
    message: () => '`$schema` is for editors; ops refuses a manifest that has it',
    hint: () => 'Remove it: editors find the schema by the name of the file.',
  },
  'nanos-version-ignored': {
    ...warning,
    message: () => '`NanosVersion` in a manifest has no effect, neither here nor in ops',
    hint: () => 'Remove it and set `nanosVersion` in `[package.metadata.package-vm]`.',
  },
  'no-effect': {
    ...note,
    message: ({ keys }: AtKey & { advice?: string | undefined }) => `\`${formatKeys(keys)}\` has no effect on an image`,
    hint: ({ advice }: AtKey & { advice?: string | undefined }) => advice ?? 'Remove it, or leave it for ops and the clouds.',
  },
} satisfies Record<string, Wording>;
