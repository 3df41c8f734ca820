import { formatKeys, shorten } from '../keys.js';
import { type AtKey, type Wording, error } from './wording.js';

/** `Mounts`, on every platform. */
export const mountsWordings = {
  'mount-over-system': {
    ...error,
    message: ({ keys, guestPath }: AtKey & { guestPath: string }) => `\`${formatKeys(keys)}\` mounts over \`${shorten(guestPath)}\`, which the system needs`,
    hint: () => 'Choose another folder, e.g. `/data`.',
  },
  'mount-point-taken': {
    ...error,
    message: ({ keys, guestPath, other }: AtKey & { guestPath: string; other: string }) =>
      `\`${formatKeys(keys)}\` mounts \`${shorten(guestPath)}\`, where \`${formatKeys(['Mounts', other])}\` is mounted already`,
    hint: () => 'Choose another folder, or remove one of them.',
  },
} satisfies Record<string, Wording>;
