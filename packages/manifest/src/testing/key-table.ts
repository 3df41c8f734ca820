import { type JsonSchema, resolveRef } from '../json-schema/json-schema.js';

/** What a key does to an image, in a word or two. */
export type Effect = (key: string, schema: JsonSchema) => string;

/** The keys of an object as a Markdown table, with those of objects inside it as `outer.inner`. */
export function keyTable(root: JsonSchema, object: JsonSchema, effect: Effect | undefined, prefix = ''): string {
  const rows = keyRows(root, object, effect, prefix);
  const head = effect === undefined ? ['Key', 'Type', 'What it is', 'Example'] : ['Key', 'Type', 'Default', 'In the image', 'What it is', 'Example', 'Source'];
  const lines = [head, head.map(() => '---'), ...rows];
  return `${lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n')}\n`;
}

function keyRows(root: JsonSchema, object: JsonSchema, effect: Effect | undefined, prefix: string): string[][] {
  return Object.entries(object.properties ?? {}).flatMap(([key, member]) => {
    const name = `${prefix}${key}`;
    const { description = '', examples = [], default: standard, source = '' } = member;
    const example = examples.length === 0 ? '' : code(`"${key}": ${JSON.stringify(examples[0])}`);
    const common = [code(name), typeOf(root, member)];
    const own = effect === undefined
      ? [...common, cell(description), example]
      : [...common, standard === undefined ? '' : code(JSON.stringify(standard)), effect(key, member), cell(description), example, cell(source)];
    return [own, ...innerRows(root, member, effect, name)];
  });
}

function innerRows(root: JsonSchema, member: JsonSchema, effect: Effect | undefined, name: string): string[][] {
  const inner = resolveRef(root, member);
  if (inner.items?.properties !== undefined) return keyRows(root, inner.items, effect, `${name}[].`);
  const { additionalProperties } = inner;
  if (typeof additionalProperties === 'object' && additionalProperties.properties !== undefined) return keyRows(root, additionalProperties, effect, `${name}.*.`);
  return keyRows(root, inner, effect, `${name}.`);
}

const names = { string: 'string', integer: 'whole number', boolean: '`true` or `false`' } as const;

function typeOf(root: JsonSchema, given: JsonSchema): string {
  const schema = resolveRef(root, given);
  if (schema.isFlag === true) return 'flag';
  if (schema.enum !== undefined) return schema.enum.map((value) => code(`"${value}"`)).join(', ');
  if (schema.kind === 'size') return 'size';
  if (schema.anyOf !== undefined) return given.$ref === undefined && given.allOf === undefined ? [...new Set(schema.anyOf.map((member) => typeOf(root, member)))].join(' or ') : 'string, list or object';
  if (schema.type === 'array') return `list of ${plural(typeOf(root, schema.items ?? {}))}`;
  if (schema.type === 'object') {
    const values = schema.additionalProperties;
    return typeof values === 'object' && schema.properties === undefined ? `object of ${plural(typeOf(root, values))}` : 'object';
  }
  return schema.type === undefined ? 'any' : names[schema.type];
}

function plural(type: string): string {
  return ['string', 'object', 'whole number'].includes(type) ? `${type}s` : type;
}

export function code(text: string): string {
  return `\`${text.replaceAll('|', '\\|')}\``;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('<', '&lt;');
}
