import { z } from 'zod';

const cargoPackage = z.object({
  name: z.string(),
  version: z.string(),
  id: z.string(),
  manifest_path: z.string(),
  default_run: z.string().nullish(),
  targets: z.array(z.object({ name: z.string(), kind: z.array(z.string()) })),
  metadata: z.record(z.string(), z.unknown()).nullish(),
});

/** What we read of `cargo metadata --format-version 1`; field names are cargo's. */
const cargoMetadata = z.object({
  packages: z.array(cargoPackage),
  workspace_root: z.string(),
  target_directory: z.string(),
  /** Since cargo 1.91. */
  build_directory: z.string().nullish(),
});

export type MetadataPackage = z.infer<typeof cargoPackage>;
export type CargoMetadata = z.infer<typeof cargoMetadata>;

export function parseCargoMetadata(text: string): CargoMetadata {
  return cargoMetadata.parse(JSON.parse(text));
}
