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
      : [...common, standard === undefined ? '' : code(JSON.stringify(standard)), effect(key, member), cell(`${description}${rulesOf(root, member)}`), example, cell(source)];
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
  if (schema.kind !== undefined) return schema.kind;
  if (schema.anyOf !== undefined) return given.$ref === undefined && given.allOf === undefined ? [...new Set(schema.anyOf.map((member) => typeOf(root, member)))].join(' or ') : 'string, list or object';
  if (schema.type === 'array') return `list of ${plural(typeOf(root, schema.items ?? {}))}`;
  if (schema.type === 'object') {
    const values = schema.additionalProperties;
    const isTyped = typeof values === 'object' && schema.properties === undefined && values.$ref === undefined && values.allOf?.[0]?.$ref === undefined;
    return isTyped ? `object of ${plural(typeOf(root, values))}` : 'object';
  }
  return schema.type === undefined ? 'any' : names[schema.type];
}

function plural(type: string): string {
  return ['string', 'object', 'whole number', 'guest path', 'size'].includes(type) ? `${type}s` : type;
}

/** What the value must be, where its type does not say it: the words that a finding has for it. */
function rulesOf(root: JsonSchema, given: JsonSchema): string {
  const { patternErrorMessage, errorMessage, allOf = [], enum: listed, kind, anyOf = [], items, type } = resolveRef(root, given);
  if (kind !== undefined || listed !== undefined) return '';
  const own = [patternErrorMessage, errorMessage, ...allOf.map((part) => part.patternErrorMessage)].filter((rule) => rule !== undefined && rule !== 'must not be empty' && rule !== 'must be a whole number');
  const rules = own.length > 0 || type === 'object' ? own : [...anyOf, ...(items === undefined ? [] : [items])].map((part) => part.patternErrorMessage ?? part.errorMessage);
  const words = [...new Set(rules.filter((rule) => rule !== undefined && rule !== 'must not be empty'))];
  const subject = items === undefined ? 'It' : 'Each';
  return words.map((rule) => ` ${subject} ${rule ?? ''}.`).join('');
}

export function code(text: string): string {
  return `\`${text.replaceAll('|', '\\|')}\``;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('<', '&lt;');
}
