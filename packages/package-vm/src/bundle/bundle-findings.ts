import { type Finding } from '@package-vm/manifest';
import { BUNDLE_JSON } from './bundle-layout.js';
import { type Bundle } from './bundle.js';

/** What there is to say about a bundle before an image is made of it. */
export function bundleFindings({ libraries }: Bundle): readonly Finding[] {
  const ofHost = libraries.filter(({ origin }) => origin === 'host').map(({ guestPath }) => `\`${guestPath}\``);
  if (ofHost.length === 0) return [];
  return [
    {
      code: 'host-libraries',
      severity: 'note',
      message: `${ofHost.length === 1 ? 'A shared library comes' : `${ofHost.length} shared libraries come`} from this machine and ${ofHost.length === 1 ? 'ties' : 'tie'} the program's identity to it: ${ofHost.join(', ')}`,
      hint: 'Set `sysroot` to a pinned folder, or `target = "x86_64-unknown-linux-musl"` for a static program.',
      place: { file: BUNDLE_JSON },
    },
  ];
}
