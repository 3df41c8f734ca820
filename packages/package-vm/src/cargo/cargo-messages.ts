import { z } from 'zod';

/** The messages of `cargo build --message-format=json` that we act on; field names are cargo's. They come for what was built before, too. */
const cargoMessage = z.discriminatedUnion('reason', [
  z.object({
    reason: z.literal('compiler-artifact'),
    package_id: z.string(),
    manifest_path: z.string().default(''),
    target: z.object({ name: z.string(), kind: z.array(z.string()) }),
    features: z.array(z.string()),
    filenames: z.array(z.string()).default([]),
    executable: z.string().nullish(),
  }),
  z.object({
    reason: z.literal('build-script-executed'),
    package_id: z.string(),
    linked_libs: z.array(z.string()).default([]),
    linked_paths: z.array(z.string()),
    /** What the script sets for the compiler: names with values. */
    env: z.array(z.tuple([z.string(), z.string()])).default([]),
    out_dir: z.string().default(''),
  }),
]);

export type CargoMessage = z.infer<typeof cargoMessage>;
export type ArtifactMessage = Extract<CargoMessage, { reason: 'compiler-artifact' }>;
export type ScriptMessage = Extract<CargoMessage, { reason: 'build-script-executed' }>;

/** The message in a line of cargo's standard output; undefined for other messages and for what a macro printed there. */
export function parseCargoMessage(line: string): CargoMessage | undefined {
  if (!line.startsWith('{"reason":')) return undefined;
  try {
    return cargoMessage.safeParse(JSON.parse(line)).data;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
