import { type Finding } from '../finding.js';
import { mountsForImage } from '../mounts.js';
import { type Check } from './check.js';

/** What a Gevulot node needs of an image: it attaches it read-only, shares one folder as `/workspace`, and gives no network. */
export function* gevulotRules(check: Check): Iterable<Finding> {
  yield* mountRules(check);
  if (!isFlagOn(check, 'readonly_rootfs')) yield check.report('writable-root', ['ManifestPassthrough'], {}, 'key');
  yield* exitRules(check);
}

function* mountRules({ manifest, report, isWhole }: Check): Iterable<Finding> {
  const mounts = Object.entries(manifest.Mounts ?? {});
  const workspace = mounts.find(([, guestPath]) => guestPath.replace(/:ro$/, '') === '/workspace');
  const others = mounts.filter((mount) => mount !== workspace);
  for (const [key, guestPath] of others) yield report('extra-mount', ['Mounts', key], { keys: ['Mounts', key], guestPath });
  if (workspace === undefined) {
    if (isWhole('Mounts')) yield report('workspace-missing', ['Mounts'], {}, 'key');
    return;
  }
  const keys = ['Mounts', workspace[0]];
  if (workspace[1].endsWith(':ro')) yield report('workspace-read-only', keys, {});
  const [written] = [...mountsForImage(manifest, 'gevulot').keys()];
  if (others.length === 0 && written !== undefined && written !== workspace[0]) yield report('mount-renumbered', keys, { keys, written }, 'key');
}

function* exitRules(check: Check): Iterable<Finding> {
  const { manifest, report } = check;
  if (manifest.RebootOnExit === true) yield report('reboot-on-exit', ['RebootOnExit'], { keys: ['RebootOnExit'] }, 'key');
  const keys = ['ManifestPassthrough', 'reboot_on_exit'];
  if (manifest.ManifestPassthrough?.reboot_on_exit !== undefined) yield report('reboot-on-exit', keys, { keys }, 'key');
  if (!isFlagOn(check, 'debug_exit')) yield report('exit-code-unknown', ['ManifestPassthrough'], {}, 'key');
}

/** Whether a presence flag is given, or was given in a way that another finding is about. */
function isFlagOn({ manifest, isWhole }: Check, flag: 'readonly_rootfs' | 'debug_exit'): boolean {
  return manifest.ManifestPassthrough?.[flag] !== undefined || (manifest.Debugflags ?? []).includes(flag) || !isWhole('ManifestPassthrough', flag);
}
