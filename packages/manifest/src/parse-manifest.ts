import { type Finding, inFileOrder } from './finding.js';
import { checkValue } from './json-schema/check-value.js';
import { shippedSchema } from './json-schema/json-schema.js';
import { repair } from './json-schema/repairs.js';
import { straighten, writtenPath } from './json-schema/straighten.js';
import { rememberOrigin } from './origin.js';
import { type Source, readDocument } from './read-document.js';
import { type Manifest } from './schema/manifest.js';
import { suggestManifestKey } from './suggest-manifest-key.js';

export interface ParsedManifest {
  /**
   * What the text says, without the parts that a finding of severity `error` is about, or with what was meant by them: it can be checked further,
   * and must not be built while {@link hasErrors} says so. Undefined only when there is no JSON object in the text.
   */
  readonly manifest: Manifest | undefined;
  /** All of them, in the order of the file. */
  readonly findings: readonly Finding[];
}

/**
 * Reads a manifest, the text or the bytes of its file: JSON with comments, trailing commas and a byte order mark, at most 1 MiB, nested at most 64
 * deep. Keys have exactly the spelling that ops documents. Never throws for what is in the text; reads on behind what is no JSON or no UTF-8.
 */
export function parseManifest(input: string | Uint8Array, where: { readonly file: string }): ParsedManifest {
  const { manifest, findings } = parseWithSource(input, where);
  return { manifest, findings };
}

/** Like {@link parseManifest}, with the text's own tree. */
export function parseWithSource(input: string | Uint8Array, { file }: { readonly file: string }): ParsedManifest & { readonly source: Source | undefined } {
  const { source, findings } = readDocument(input, file);
  if (source === undefined) return { source, manifest: undefined, findings };
  const checked = checkSource(source);
  return { source, manifest: checked.manifest, findings: inFileOrder([...findings, ...checked.findings]) };
}

function checkSource(source: Source): ParsedManifest {
  const schema = shippedSchema('manifest');
  const straight = straighten(schema, source.value, { place: source.place, suggest: suggestManifestKey });
  const written = (keys: Parameters<Source['place']>[0]): typeof keys => writtenPath(straight.aliases, keys);
  const place: Source['place'] = (keys, part) => source.place(written(keys), part);
  const checked = checkValue(schema, straight.value, { place, suggest: suggestManifestKey, repair });
  // the schema is made from the type
  const manifest = checked.value as Manifest | undefined;
  const leftOut = source.isWhole ? checked.leftOut : [[]];
  const input = checked.inputPath;
  if (manifest !== undefined) rememberOrigin(manifest, { place: (keys, part) => place(input(keys), part), input, written, leftOut });
  return { manifest, findings: [...straight.findings, ...checked.findings] };
}
