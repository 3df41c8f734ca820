import { z } from 'zod';
import { type Keys } from '../finding.js';

/** The keys that a schema lists for the object at a path; undefined where there is no such list. */
export function knownKeys(schema: z.core.$ZodType, path: Keys): readonly string[] | undefined {
  const found = schemaAt(schema, path);
  return found instanceof z.ZodObject ? Object.keys(found.shape) : undefined;
}

/** The schema of the value at a path, without `optional` around it. */
export function schemaAt(schema: z.core.$ZodType, path: Keys): z.core.$ZodType | undefined {
  let found: z.core.$ZodType | undefined = schema;
  for (const key of path) {
    const parent = unwrap(found);
    if (parent instanceof z.ZodObject) found = Object.hasOwn(parent.shape, key) ? (parent.shape as Record<string, z.core.$ZodType>)[key] : undefined;
    else if (parent instanceof z.ZodArray) found = parent.element;
    else found = parent instanceof z.ZodRecord ? parent.valueType : undefined;
  }
  return unwrap(found);
}

function unwrap(schema: z.core.$ZodType | undefined): z.core.$ZodType | undefined {
  return schema instanceof z.ZodOptional ? unwrap(schema.unwrap()) : schema;
}
