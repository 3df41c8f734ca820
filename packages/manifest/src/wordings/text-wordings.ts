import { formatKeys } from '../keys.js';
import { type AtKey, type Wording, refused, warning } from './wording.js';

/** What is wrong with a text, whatever it says. */
export const textWordings = {
  syntax: {
    ...refused,
    message: ({ problem }: { problem: string; advice?: string | undefined }) => problem,
    hint: ({ problem, advice }: { problem: string; advice?: string | undefined }) => {
      const [, expected] = /^Expected (`[^`]+`)/.exec(problem) ?? [];
      return advice ?? (expected === undefined ? 'Correct it by hand.' : `Write ${expected} there.`);
    },
  },
  'too-large': {
    ...refused,
    message: ({ sizeBytes, limitBytes }: { sizeBytes: number; limitBytes: number }) =>
      `The manifest has ${sizeBytes} bytes, more than the ${limitBytes} that are read`,
    hint: () => 'Put large lists of files into a folder and name it in `Dirs`.',
  },
  'too-deep': {
    ...refused,
    message: ({ limit }: { limit: number }) => `Lists and objects are nested more than ${limit} deep`,
    hint: () => 'Take out the levels that say nothing: no key of a manifest needs more than ten.',
  },
  'byte-order-mark': {
    ...warning,
    message: () => 'The file begins with a byte order mark, which ops refuses',
    hint: () => 'Save it as UTF-8 without one.',
  },
  'duplicate-key': {
    ...refused,
    message: ({ keys, firstLine }: AtKey & { firstLine: number; isSame: boolean }) =>
      `\`${formatKeys(keys)}\` is given twice, first in line ${firstLine}`,
    hint: ({ isSame }: AtKey & { firstLine: number; isSame: boolean }) =>
      isSame ? 'Remove one of them: they say the same.' : 'Keep one of them: ops takes the last one without a word.',
  },
  'bad-text': {
    ...refused,
    message: ({ keys, problem }: AtKey & { problem: string }) => `\`${formatKeys(keys)}\` contains ${problem}`,
    hint: () => 'Take it out: it cannot be written into an image.',
  },
} satisfies Record<string, Wording>;
