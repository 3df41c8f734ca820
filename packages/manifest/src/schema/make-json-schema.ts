import { z } from 'zod';
import { type JsonSchema } from '../json-schema/json-schema.js';

/**
 * The JSON schema of a zod schema, draft 7 as editors know it best, with zod's own messages in the keywords that VS Code shows. Run when the
 * schemas in `schemas/` are generated; what checks manifests reads those files.
 */
export function makeJsonSchema(schema: z.ZodType): JsonSchema {
  const made = z.toJSONSchema(schema, {
    target: 'draft-7',
    io: 'input',
    override({ zodSchema, jsonSchema }) {
      // a wrapper such as `optional` says nothing of its own, and has been given what is inside
      Object.assign(jsonSchema, withoutUndefined(messages(zodSchema._zod.def, jsonSchema)));
      const { description } = jsonSchema;
      if (description?.includes('`') === true) Object.assign(jsonSchema, { markdownDescription: description });
    },
  });
  // what zod gives is JSON with our keywords in it
  return withoutFormats(JSON.parse(JSON.stringify(made))) as JsonSchema;
}

type Messages = Pick<JsonSchema, 'patternErrorMessage' | 'errorMessage' | 'allOf'>;

function messages(def: z.core.$ZodTypeDef, { allOf }: z.core.JSONSchema.BaseSchema): Messages {
  const checks = (def.checks ?? []).map((check) => check._zod.def);
  const said = (source: { readonly error?: z.core.$ZodErrorMap<never> | undefined }): string | undefined => {
    const message = source.error?.({} as never);
    return typeof message === 'string' ? message : message?.message;
  };
  const patterns = checks.filter(({ check }) => check === 'string_format').map(said);
  const [other] = checks.filter(({ check }) => check !== 'string_format').map(said);
  if (patterns.length > 1) return { allOf: (allOf ?? []).map((part, index) => ({ pattern: (part as JsonSchema).pattern, patternErrorMessage: patterns[index] })) };
  if ('format' in def && def.type === 'string') return { patternErrorMessage: said(def) };
  return { patternErrorMessage: patterns[0], errorMessage: other ?? said(def) };
}

function withoutUndefined(values: object): object {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

/** `format` says nothing that `pattern` does not. */
function withoutFormats(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutFormats);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value as Record<string, unknown>).filter(([key, member]) => key !== 'format' || typeof member !== 'string');
  return Object.fromEntries(kept.map(([key, member]) => [key, withoutFormats(member)]));
}
