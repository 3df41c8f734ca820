import { formatKeys, shorten } from '../keys.js';
import { type AtKey, type Wording, error, warning } from './wording.js';

/** `Program`. */
export const programWordings = {
  'program-path': {
    ...warning,
    message: ({ program, guestPath }: { program: string; guestPath: string; name: string }) =>
      `\`Program\` is \`${shorten(program)}\`, a path of the build: inside the image the program would be \`${shorten(guestPath)}\``,
    hint: ({ name }: { program: string; guestPath: string; name: string }) => `Write \`"Program": ${JSON.stringify(name)}\`.`,
  },
  'program-outside': {
    ...error,
    message: ({ program, outside }: { program: string; outside: string; name: string }) => `\`Program\` is \`${shorten(program)}\`, which points outside: ${outside}`,
    hint: ({ name }: { program: string; outside: string; name: string }) => `Write \`"Program": ${JSON.stringify(name)}\`.`,
  },
  'other-program': {
    ...error,
    message: ({ found, expected }: { found: string; expected: string }) =>
      `\`Program\` names \`${shorten(found)}\`, but the program to package is \`${expected}\``,
    hint: ({ expected }: { found: string; expected: string }) => `Write \`"Program": ${JSON.stringify(expected)}\`, or package that other program.`,
  },
  'unknown-program': {
    ...warning,
    message: ({ keys, found, programs }: UnknownProgram) =>
      `\`${formatKeys(keys)}\` names \`${shorten(found)}\`, but the crate’s programs are ${programs.map((name) => `\`${name}\``).join(', ')}`,
    hint: ({ meant }: UnknownProgram) => (meant === undefined ? 'Name one of them, or package a program that was built elsewhere with `--program`.' : `Did you mean \`${meant}\`?`),
  },
} satisfies Record<string, Wording>;

export interface UnknownProgram extends AtKey {
  readonly found: string;
  readonly programs: readonly string[];
  readonly meant: string | undefined;
}
