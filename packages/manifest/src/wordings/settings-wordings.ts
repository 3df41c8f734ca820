import { shorten } from '../keys.js';
import { type Wording, refused, warning } from './wording.js';

/** The settings. */
export const settingsWordings = {
  'cannot-allow': {
    ...refused,
    message: ({ finding }: { finding: string }) => `\`${finding}\` cannot be allowed: it makes the manifest unreadable or the image unusable`,
    hint: () => 'Mend what it reports and remove this entry.',
  },
  'unused-allow': {
    ...warning,
    message: ({ finding }: { finding: string; meant: string | undefined }) => `\`${shorten(finding)}\` is allowed, but there is no such finding`,
    hint: ({ meant }: { finding: string; meant: string | undefined }) => (meant === undefined ? 'Remove the entry, or correct the code in it.' : `Did you mean \`${meant}\`?`),
  },
} satisfies Record<string, Wording>;
