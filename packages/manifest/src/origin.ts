import { type Keys, type Place } from './finding.js';
import { type Manifest } from './schema/manifest.js';

/** Where a manifest came from. */
export interface Origin {
  readonly place: (keys: Keys, part?: 'key' | 'value') => Place;
  /** The path of a path of the manifest with wrong elements of lists counted too: the changes of fixes have that. */
  readonly input: (keys: Keys) => Keys;
  /** The path in the text of such a path: under the keys that were written. */
  readonly written: (keys: Keys) => Keys;
  /** Paths that the text has and the manifest has not, since they are wrong. */
  readonly leftOut: readonly Keys[];
}

/** Beside the manifests, which stay plain data: a manifest that was made otherwise has no origin. */
const origins = new WeakMap<Manifest, Origin>();

export function rememberOrigin(manifest: Manifest, origin: Origin): void {
  origins.set(manifest, origin);
}

export function originOf(manifest: Manifest, file: string): Origin {
  return origins.get(manifest) ?? { place: (keys) => ({ file, keys }), input: (keys) => keys, written: (keys) => keys, leftOut: [] };
}

/** Where a key or its value stands in the text that a manifest was read from; for a path that is not in it, where the nearest object around it is. */
export function placeInManifest(manifest: Manifest, file: string, keys: Keys, part?: 'key' | 'value'): Place {
  return originOf(manifest, file).place(keys, part);
}
