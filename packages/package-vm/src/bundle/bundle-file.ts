import { z } from 'zod';
import { libraryOrigins } from './bundle.js';

const digests = { sizeBytes: z.int().min(0), sha256: z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 hexadecimal digits') };

const guestPath = z
  .string()
  .regex(/^\/[^\0]*[^/\0]$/, 'must be an absolute path')
  .refine((path) => path.split('/').slice(1).every((part) => !['', '.', '..'].includes(part)), 'must not contain `.`, `..` or `//`');

/** `bundle.json`: no paths of a machine, no times. */
const bundleFile = z.strictObject({
  schemaVersion: z.literal(1),
  name: z.string().min(1),
  program: z.strictObject(digests),
  libraries: z.array(z.strictObject({ guestPath, origin: z.enum(libraryOrigins), ...digests })),
  build: z
    .strictObject({ package: z.string(), target: z.string(), profile: z.string(), features: z.array(z.string()), rustc: z.string() })
    .nullable(),
});

export type BundleFileContent = z.infer<typeof bundleFile>;

/** The content, or what is wrong with it. */
export function parseBundleFile(text: string): { readonly content: BundleFileContent } | { readonly problem: string } {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return { problem: error.message };
    throw error;
  }
  const parsed = bundleFile.safeParse(json);
  return parsed.success ? { content: parsed.data } : { problem: z.prettifyError(parsed.error).replaceAll(/\n\s*/g, ' ') };
}
