import { type Platform } from '../rules/check.js';
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
    message: ({ keys, guestPath, other }: TakenMountPoint) =>
      `\`${formatKeys(keys)}\` mounts \`${shorten(guestPath)}\`, where \`${formatKeys(['Mounts', other])}\` is mounted already`,
    hint: ({ platform }: TakenMountPoint) => (platform === 'gevulot' ? 'Remove one of them.' : 'Choose another folder, or remove one of them.'),
  },
  'mount-inside-mount': {
    ...error,
    message: ({ keys, guestPath, outer }: AtKey & { guestPath: string; outer: string }) =>
      `\`${formatKeys(keys)}\` mounts \`${shorten(guestPath)}\` inside what \`${formatKeys(['Mounts', outer])}\` mounts, where the kernel finds no such folder`,
    hint: () => 'Choose a folder that is in the image itself.',
  },
} satisfies Record<string, Wording>;

export interface TakenMountPoint extends AtKey {
  readonly guestPath: string;
  readonly other: string;
  readonly platform: Platform;
}
