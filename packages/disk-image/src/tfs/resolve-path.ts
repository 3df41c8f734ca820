import { LINK_HOPS_MAX } from './layout.js';
import { type ImageEntry } from './read-tree.js';

/**
 * Where a path of an image leads when all links on it are followed, as the kernel does: the path of a directory or file, `/` for the root,
 * or undefined where nothing is or the links go round in circles.
 */
export function resolvePath(find: (path: string) => ImageEntry | undefined, path: string): string | undefined {
  let hops = 0;
  let place = '';
  const names = path.split('/').reverse();
  for (let name = names.pop(); name !== undefined; name = names.pop()) {
    if (name === '' || name === '.') continue;
    if (place !== '' && find(place)?.kind !== 'directory') return undefined;
    if (name === '..') {
      place = place.slice(0, Math.max(0, place.lastIndexOf('/')));
      continue;
    }
    const entry = find(`${place}/${name}`);
    if (entry === undefined) return undefined;
    if (entry.kind !== 'link') {
      place = entry.path;
      continue;
    }
    if (++hops > LINK_HOPS_MAX) return undefined;
    if (entry.target.startsWith('/')) place = '';
    names.push(...entry.target.split('/').reverse());
  }
  return place === '' ? '/' : place;
}
