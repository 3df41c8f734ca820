import { z } from 'zod';

/** The messages of `cargo build --message-format=json` that we act on; field names are cargo's. */
const cargoMessage = z.discriminatedUnion('reason', [
  z.object({
    reason: z.literal('compiler-artifact'),
    package_id: z.string(),
    target: z.object({ name: z.string(), kind: z.array(z.string()) }),
    features: z.array(z.string()),
    executable: z.string().nullish(),
  }),
  z.object({ reason: z.literal('build-script-executed'), linked_paths: z.array(z.string()) }),
]);

export type CargoMessage = z.infer<typeof cargoMessage>;

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
