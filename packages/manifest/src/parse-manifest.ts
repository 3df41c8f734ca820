import { type Finding, inFileOrder } from './finding.js';
import { rememberOrigin } from './origin.js';
import { readJsonc } from './read-jsonc.js';
import { type Manifest, manifestSchema } from './schema/manifest.js';
import { parseValue } from './schema/parse-value.js';
import { suggestManifestKey } from './suggest-manifest-key.js';

export interface ParsedManifest {
  /**
   * What the text says, without the parts that a finding of severity `error` is about: it can be checked further, and must not be built
   * while {@link hasErrors} says so. Undefined only when the text is not a JSON object.
   */
  readonly manifest: Manifest | undefined;
  /** All of them, in the order of the file. */
  readonly findings: readonly Finding[];
}

/**
 * Reads a manifest: JSON with comments, trailing commas and a byte order mark, at most 1 MiB, nested at most 64 deep. Keys have exactly
 * the spelling that ops documents. Never throws for what is in the text.
 */
export function parseManifest(text: string, where: { readonly file: string }): ParsedManifest {
  const { source, findings } = readJsonc(text, where.file);
  if (source === undefined) return { manifest: undefined, findings };
  const parsed = parseValue(manifestSchema, source.value, { place: source.place, suggest: suggestManifestKey });
  const manifest = parsed.value;
  if (manifest !== undefined) rememberOrigin(manifest, { place: source.place, leftOut: parsed.leftOut });
  return { manifest, findings: inFileOrder([...findings, ...parsed.findings]) };
}
