import { basename, dirname, join, resolve } from 'node:path/posix';
import { type HostView } from './host-view.js';

const FILES_MAX = 256;

/** The folders that `/etc/ld.so.conf` names, in its order, with the files that it includes (man ldconfig). */
export function ldSoConfFolders(view: HostView): readonly string[] {
  const seen = new Set<string>();
  const read = (path: string): readonly string[] => {
    if (seen.has(path) || seen.size >= FILES_MAX) return [];
    seen.add(path);
    return (view.readText(path) ?? '').split('\n').flatMap((written) => {
      const line = written.replace(/#.*/, '').trim();
      const [word, ...patterns] = line.split(/\s+/);
      if (word === 'include') return patterns.flatMap((pattern) => matching(view, resolve(dirname(path), pattern))).flatMap(read);
      // `hwcap` lines are of old, `=libc6` behind a folder is its kind
      return line === '' || word === 'hwcap' ? [] : [line.replace(/=[^/]*$/, '')];
    });
  };
  return [...new Set(read('/etc/ld.so.conf'))].filter((folder) => folder.startsWith('/'));
}

/** The files of a pattern with `*` and `?` in its last part. */
function matching(view: HostView, pattern: string): readonly string[] {
  const folder = dirname(pattern);
  const wanted = new RegExp(`^${basename(pattern).replace(/[.+^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*').replaceAll('?', '.')}$`);
  return view.list(folder).flatMap((name) => (wanted.test(name) && !name.startsWith('.') ? [join(folder, name)] : []));
}
