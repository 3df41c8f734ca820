import { formatKeys, shorten } from '../keys.js';
import { type AtKey, type Wording, error, note, warning } from './wording.js';

/** What a Gevulot node needs. */
export const gevulotWordings = {
  'workspace-missing': {
    ...error,
    message: () => 'Nothing is mounted at `/workspace`, where a node puts the task and reads the result',
    hint: () => 'Add `"Mounts": { "%0": "/workspace" }`.',
  },
  'workspace-misspelt': {
    ...error,
    message: ({ keys, guestPath }: AtKey & { guestPath: string }) =>
      `\`${formatKeys(keys)}\` mounts \`${shorten(guestPath)}\`, but a node puts the task and reads the result at \`/workspace\``,
    hint: () => 'Write `/workspace`.',
  },
  'workspace-read-only': {
    ...error,
    message: () => '`/workspace` is mounted read-only: the program could not leave its result there',
    hint: () => 'Write `/workspace` without `:ro`.',
  },
  'extra-mount': {
    ...error,
    message: ({ keys, guestPath }: AtKey & { guestPath: string }) =>
      `\`${formatKeys(keys)}\` mounts \`${shorten(guestPath)}\`, but a node mounts one folder only, at \`/workspace\``,
    hint: () => 'Remove this mount; pack its files into the image with `Dirs` or `MapDirs`.',
  },
  'mount-renumbered': {
    ...note,
    message: ({ keys, written }: AtKey & { written: string }) =>
      `\`${formatKeys(keys)}\` is written into the image as \`${written}\`, as ops does: a node shares the workspace under number 0`,
    hint: ({ written }: AtKey & { written: string }) => `Nothing to do; write \`"${written}"\` to say what happens.`,
  },
  'writable-root': {
    ...error,
    message: () => '`ManifestPassthrough.readonly_rootfs` is missing, but a node attaches the image read-only',
    hint: () => 'Add `"readonly_rootfs": "true"` to `ManifestPassthrough`.',
  },
  'reboot-on-exit': {
    ...error,
    message: ({ keys }: AtKey) =>
      `\`${formatKeys(keys)}\` makes a node lose the task: the machine starts again, asks for the task twice, and is stopped`,
    hint: ({ keys }: AtKey) => (keys.length === 2 && keys[0] === 'Debugflags' ? 'Remove it.' : 'Remove the key.'),
  },
  'idle-on-exit': {
    ...warning,
    message: ({ keys }: AtKey) => `\`${formatKeys(keys)}\` keeps the machine running when the program has ended, and a node waiting for it`,
    hint: () => 'Remove it.',
  },
  'no-network': {
    ...note,
    message: ({ keys }: AtKey) => `\`${formatKeys(keys)}\` sets up a network, and a node has none`,
    hint: () => 'Remove it, unless the image also runs elsewhere.',
  },
  'exit-code-unknown': {
    ...note,
    message: () => '`ManifestPassthrough.debug_exit` is missing: QEMU ends with 0 whatever the program’s exit code is',
    hint: () => 'Add `"debug_exit": "true"` to `ManifestPassthrough`.',
  },
} satisfies Record<string, Wording>;
