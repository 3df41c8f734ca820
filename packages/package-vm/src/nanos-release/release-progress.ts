/** What an operation on releases is doing, as it happens. */
export type ReleaseProgress =
  /** Another process downloads the same version. */
  | { readonly step: 'waiting'; readonly version: string }
  | { readonly step: 'downloading'; readonly version: string; readonly url: string; readonly receivedBytes: number; readonly totalBytes: number | undefined }
  | { readonly step: 'unpacking'; readonly version: string };

export type OnReleaseProgress = (progress: ReleaseProgress) => void;
