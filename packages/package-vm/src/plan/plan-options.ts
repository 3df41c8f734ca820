import { type Keys, type Manifest, type Place, type Platform } from '@package-vm/manifest';
import { type Bundle } from '../bundle/bundle.js';
import { type NanosRelease } from '../nanos-release/nanos-release.js';

export interface PlanOptions {
  readonly manifest: Manifest;
  /** Places in the manifest's text, for findings. */
  readonly placeOf: (keys: Keys) => Place;
  readonly bundle: Bundle;
  readonly release: NanosRelease;
  readonly platform: Platform;
  /** Folder that the manifest's relative paths start from, absolute. */
  readonly baseFolder: string;
  /** The Nx workspace, or what takes its place, absolute: no file outside it is read, and origins are relative to it. */
  readonly workspaceRoot: string;
  readonly signal?: AbortSignal | undefined;
}
