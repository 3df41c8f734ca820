import { type Keys, type Manifest, type Place, type Platform } from '@package-vm/manifest';
import { type Bundle } from '../bundle/bundle.js';
import { type NanosRelease } from '../nanos-release/nanos-release.js';

/** Where a key of the manifest or its value stands in the text; the value unless the key is asked for. */
export type PlaceOf = (keys: Keys, part?: 'key' | 'value') => Place;

export interface PlanOptions {
  readonly manifest: Manifest;
  /** Places in the manifest's text, for findings. */
  readonly placeOf: PlaceOf;
  readonly bundle: Bundle;
  readonly release: NanosRelease;
  readonly platform: Platform;
  /** Folder of the `Cargo.toml`, which the settings' paths are relative to. */
  readonly crateFolder?: string | undefined;
  /** Folder that the manifest's relative paths start from, absolute. */
  readonly baseFolder: string;
  /** The Nx workspace, or what takes its place, absolute: no file outside it is read, and origins are relative to it. */
  readonly workspaceRoot: string;
  readonly signal?: AbortSignal | undefined;
}
