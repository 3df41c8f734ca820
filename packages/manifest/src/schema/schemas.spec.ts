import { Ajv } from 'ajv';
import { type z } from 'zod';
import { parseManifest, parseSettings } from '../index.js';
import { type JsonSchema, resolveRef, shippedSchema } from '../json-schema/json-schema.js';
import { settingsSchema } from '../settings/settings-schema.js';
import { expectGenerated } from '../testing/generated-file.js';
import { documentWith, valueTable } from '../testing/value-table.js';
import { findingsOutput } from './findings-output.js';
import { makeJsonSchema } from './make-json-schema.js';
import { manifestSchema } from './manifest.js';

const sources: readonly { name: string; schema: z.ZodType }[] = [
  { name: 'manifest', schema: manifestSchema },
  { name: 'settings', schema: settingsSchema },
  { name: 'findings', schema: findingsOutput },
];

// our keywords and those of VS Code are for others
const ajv = new Ajv({ strict: false, allErrors: true });
const text = (schema: z.ZodType): string => `${JSON.stringify(makeJsonSchema(schema), null, 2)}\n`;

describe('the shipped JSON schemas', () => {
  it.each(sources)('$name is what the zod schema says', ({ name, schema }) => {
    expectGenerated(`packages/manifest/schemas/${name}.schema.json`, text(schema));
  });

  it.each(sources)('$name is valid by the meta-schema', ({ schema }) => {
    expect(ajv.validateSchema(JSON.parse(text(schema)) as object)).toBe(true);
  });

  it('describe every key, with examples that are right', () => {
    for (const { path, schema } of everyKey(shippedSchema('manifest'))) {
      expect(`${path} ${schema.description ?? ''}`).toMatch(/ .+\.$/);
      expect(`${path} ${schema.examples?.length ?? 0}`).not.toMatch(/ 0$/);
    }
    for (const { path, schema } of everyKey(shippedSchema('settings'))) expect(`${path} ${schema.description ?? ''}`).toMatch(/ .+\.$/);
  });
});

describe('the messages of the schemas', () => {
  it('say of every key with a rule what it takes and what not', () => {
    const withRule = everyKey(root).filter(({ path, schema }) => hasRule(schema) && !/\.en[3-8](\.|$)/.test(path));
    const paths = withRule.map(({ path }) => path.replace('.tun.x.', '.tun.tun0.'));
    expect(paths.filter((path) => !Object.hasOwn(valueTable, path))).toEqual([]);
    expect(Object.keys(valueTable).filter((path) => !paths.includes(path))).toEqual([]);
  });

  it('are there for every rule', () => {
    const rules = JSON.stringify(shippedSchema('manifest')).match(/"(pattern|minLength|minimum)":/g)?.length ?? 0;
    const words = JSON.stringify(shippedSchema('manifest')).match(/"(patternErrorMessage|errorMessage)":/g)?.length ?? 0;
    expect(words).toBeGreaterThanOrEqual(rules);
  });
});

const root = shippedSchema('manifest');
const examples = everyKey(root).flatMap(({ keys, path, schema }) => [
  ...(schema.examples ?? []).map((value) => ({ reason: `${path} as in its example`, document: wrap(keys, value), isGood: true })),
  ...(schema.default === undefined ? [] : [{ reason: `${path} as in its default`, document: wrap(keys, schema.default), isGood: true }]),
  { reason: `${path} that is null`, document: wrap(keys, null), isGood: false },
  { reason: `${path} of another type`, document: wrap(keys, otherType(schema)), isGood: false },
]);

const values: readonly { reason: string; document: unknown; isGood: boolean }[] = [
  { reason: 'an empty object', document: {}, isGood: true },
  { reason: 'a list', document: [], isGood: false },
  { reason: 'a string', document: 'x', isGood: false },
  { reason: 'null', document: null, isGood: false },
  { reason: 'a key in wrong case', document: { files: [] }, isGood: false },
  { reason: 'a key of nothing', document: { Quux: 1 }, isGood: false },
  { reason: 'a key of another section', document: { Memory: '2g' }, isGood: false },
  { reason: 'Klibs in RunConfig', document: { RunConfig: { Klibs: [] } }, isGood: false },
  { reason: 'a key of nothing in RunConfig', document: { RunConfig: { x: 1 } }, isGood: false },
  { reason: 'a key of nothing in a network interface', document: { RunConfig: { Nics: [{ x: 1 }] } }, isGood: false },
  { reason: 'a key of nothing in CloudConfig', document: { CloudConfig: { x: 1 } }, isGood: false },
  { reason: 'a key of nothing in a tag', document: { CloudConfig: { Tags: [{ x: 1 }] } }, isGood: false },
  { reason: 'an unknown key of the passthrough', document: { ManifestPassthrough: { x: 'y' } }, isGood: true },
  { reason: 'an unknown object of the passthrough', document: { ManifestPassthrough: { x: { y: ['z', { a: 'b' }] } } }, isGood: true },
  { reason: 'a number deep in the passthrough', document: { ManifestPassthrough: { x: { y: ['z', { a: 1 }] } } }, isGood: false },
  { reason: 'a boolean in the passthrough', document: { ManifestPassthrough: { readonly_rootfs: true } }, isGood: false },
  { reason: 'an unknown option of syslog', document: { ManifestPassthrough: { syslog: { fil: '/x' } } }, isGood: false },
  { reason: 'an unknown option of gcp', document: { ManifestPassthrough: { gcp: { x: 'y' } } }, isGood: true },
  { reason: 'a mount', document: { Mounts: { '%1': '/workspace' } }, isGood: true },
  { reason: 'a read-only mount', document: { Mounts: { data: '/data:ro' } }, isGood: true },
  { reason: 'a mount of a deeper folder', document: { Mounts: { data: '/a/b.c/d' } }, isGood: true },
  { reason: 'a mount without slash', document: { Mounts: { '%1': 'workspace' } }, isGood: false },
  { reason: 'a mount of everything', document: { Mounts: { '%1': '/' } }, isGood: false },
  { reason: 'a mount with a slash at its end', document: { Mounts: { '%1': '/workspace/' } }, isGood: false },
  { reason: 'a mount with two slashes', document: { Mounts: { '%1': '//workspace' } }, isGood: false },
  { reason: 'a mount that leaves', document: { Mounts: { '%1': '/a/../b' } }, isGood: false },
  { reason: 'a mount that stays', document: { Mounts: { '%1': '/a/./b' } }, isGood: false },
  { reason: 'a mount that ends in ..', document: { Mounts: { '%1': '/a/..' } }, isGood: false },
  { reason: 'a read-only mount that ends in ..', document: { Mounts: { '%1': '/a/..:ro' } }, isGood: false },
  { reason: 'a mount of a name with dots', document: { Mounts: { '%1': '/a/..b' } }, isGood: true },
  { reason: 'a mount with two colons', document: { Mounts: { '%1': '/a:ro:x' } }, isGood: false },
  { reason: 'a mount of :ro', document: { Mounts: { '%1': '/:ro' } }, isGood: false },
  { reason: 'a mount that can be written to, said so', document: { Mounts: { '%1': '/a:rw' } }, isGood: false },
  { reason: 'a mount of no name', document: { Mounts: { '': '/a' } }, isGood: false },
  { reason: 'files mapped to the root', document: { MapDirs: { 'a/*': '/' } }, isGood: true },
  { reason: 'files mapped to nothing', document: { MapDirs: { 'a/*': '' } }, isGood: false },
  { reason: 'files mapped to a name', document: { MapDirs: { 'a/*': 'a' } }, isGood: false },
  { reason: 'files of no name', document: { Files: [''] }, isGood: false },
  { reason: 'a file in a file', document: { Files: [['a']] }, isGood: false },
  { reason: 'a program', document: { Program: 'bin/my_prover' }, isGood: true },
  { reason: 'a program that is a folder', document: { Program: 'bin/' }, isGood: false },
  { reason: 'a program of no name', document: { Program: '' }, isGood: false },
  { reason: 'a size in bytes', document: { BaseVolumeSz: '1000' }, isGood: true },
  { reason: 'a size in upper case', document: { BaseVolumeSz: '1G' }, isGood: true },
  { reason: 'a size with two letters', document: { BaseVolumeSz: '1GB' }, isGood: false },
  { reason: 'a size with a blank', document: { BaseVolumeSz: '1 g' }, isGood: false },
  { reason: 'half a size', document: { BaseVolumeSz: '0.5g' }, isGood: false },
  { reason: 'a size below nothing', document: { BaseVolumeSz: '-1' }, isGood: false },
  { reason: 'no size', document: { BaseVolumeSz: '' }, isGood: false },
  { reason: 'a memory in words', document: { RunConfig: { Memory: '2 GiB' } }, isGood: false },
  { reason: 'half a processor', document: { RunConfig: { CPUs: 0.5 } }, isGood: false },
  { reason: 'less than no processor', document: { RunConfig: { CPUs: -1 } }, isGood: false },
  { reason: 'no processor', document: { RunConfig: { CPUs: 0 } }, isGood: true },
  { reason: 'a range of ports', document: { RunConfig: { Ports: ['80-90'] } }, isGood: true },
  { reason: 'a port by name', document: { RunConfig: { Ports: ['http'] } }, isGood: false },
  { reason: 'a port of six digits', document: { RunConfig: { Ports: ['123456'] } }, isGood: false },
  { reason: 'an address', document: { RunConfig: { IPAddress: '255.255.255.255' } }, isGood: true },
  { reason: 'an address of three parts', document: { RunConfig: { IPAddress: '10.0.0' } }, isGood: false },
  { reason: 'an address beyond the range', document: { RunConfig: { IPAddress: '10.0.0.256' } }, isGood: false },
  { reason: 'a network instead of an address', document: { RunConfig: { IPAddress: '10.0.0.0/8' } }, isGood: false },
  { reason: 'an address of another version', document: { RunConfig: { IPAddress: '::1' } }, isGood: false },
  { reason: 'the other way round', document: { RunConfig: { IPv6Address: '10.0.0.1' } }, isGood: false },
  { reason: 'name servers of both versions', document: { NameServers: ['1.1.1.1', '2606:4700::1111'] }, isGood: true },
  { reason: 'a name server by name', document: { NameServers: ['dns.example'] }, isGood: false },
  { reason: 'a klib of no name', document: { Klibs: [''] }, isGood: false },
  { reason: 'a working folder that is relative', document: { ManifestPassthrough: { cwd: 'a' } }, isGood: false },
  { reason: 'a working folder', document: { ManifestPassthrough: { cwd: '/' } }, isGood: true },
  { reason: 'a log level', document: { ManifestPassthrough: { log_level: 'warn' } }, isGood: true },
  { reason: 'a log level that is none', document: { ManifestPassthrough: { log_level: 'debug' } }, isGood: false },
  { reason: 'exit codes', document: { ManifestPassthrough: { expected_exit_code: ['1', '2'] } }, isGood: true },
  { reason: 'exit codes after one that ends the list', document: { ManifestPassthrough: { expected_exit_code: ['!2', '3'] } }, isGood: false },
  { reason: 'an exit code in words', document: { ManifestPassthrough: { expected_exit_code: 'one' } }, isGood: false },
  { reason: 'exit codes, one in words', document: { ManifestPassthrough: { expected_exit_code: ['1', 'one'] } }, isGood: false },
  { reason: 'consoles', document: { ManifestPassthrough: { consoles: ['+net', '-vga'] } }, isGood: true },
  { reason: 'a console without sign', document: { ManifestPassthrough: { consoles: ['net'] } }, isGood: false },
  { reason: 'a number in quotes', document: { ManifestPassthrough: { so_rcvbuf: '256' } }, isGood: true },
  { reason: 'a number in words', document: { ManifestPassthrough: { so_rcvbuf: 'many' } }, isGood: false },
  { reason: 'a second interface', document: { ManifestPassthrough: { en2: { ipaddr: '10.0.0.2' } } }, isGood: true },
  { reason: 'variables of any name', document: { Env: { '': 'x', 'a b': 'y' } }, isGood: true },
  { reason: 'a variable that is a number', document: { Env: { RUST_BACKTRACE: 1 } }, isGood: false },
  { reason: 'variables in a list', document: { Env: ['A=b'] }, isGood: false },
  { reason: 'versions in a list', document: { NanosVersion: ['0.1.54'] }, isGood: false },
];

const ofKeys = Object.entries(valueTable).flatMap(([path, { good, bad }]) => [
  ...good.map((value) => ({ reason: `${path} as ${JSON.stringify(value)}`, document: documentWith(path, value), isGood: true })),
  ...bad.map((value) => ({ reason: `${path} as ${JSON.stringify(value)}, which breaks its rule`, document: documentWith(path, value), isGood: false })),
]);

const table = [...examples, ...values, ...ofKeys];

describe('zod, the JSON schema and the check of the text', () => {
  const validate = ajv.compile(JSON.parse(text(manifestSchema)) as object);

  it('are compared on hundreds of documents', () => {
    expect(table.length).toBeGreaterThanOrEqual(150);
    expect(table.filter(({ isGood }) => isGood).length).toBeGreaterThan(100);
    expect(table.filter(({ isGood }) => !isGood).length).toBeGreaterThan(100);
  });

  it.each(table)('agree on $reason', ({ document, isGood }) => {
    const { manifest, findings } = parseManifest(JSON.stringify(document), { file: 'vm.json' });
    expect({ zod: manifestSchema.safeParse(document).success, schema: validate(document), check: manifest !== undefined && findings.length === 0 }).toEqual({
      zod: isGood,
      schema: isGood,
      check: isGood,
    });
  });

  it.each([
    { settings: { platform: 'nanos', resources: { cpus: 2 }, allow: [{ finding: 'a', reason: 'b' }] }, isGood: true },
    { settings: { programs: { a: { features: ['x'] } } }, isGood: true },
    { settings: { platform: 'aws' }, isGood: false },
    { settings: { resources: { cpus: 0 } }, isGood: false },
    { settings: { resources: { cpus: 257 } }, isGood: false },
    { settings: { allow: [{ finding: 'a' }] }, isGood: false },
    { settings: { allow: [{ finding: 'a', reason: '' }] }, isGood: false },
    { settings: { programs: { a: { programs: {} } } }, isGood: false },
    { settings: { x: 1 }, isGood: false },
    { settings: { target: 'musl' }, isGood: false },
  ])('agree on the settings $settings', ({ settings, isGood }) => {
    const { findings } = parseSettings(settings, { file: 'Cargo.toml' });
    const schema = ajv.compile(JSON.parse(text(settingsSchema)) as object);
    expect({ zod: settingsSchema.safeParse(settings).success, schema: schema(settings), check: findings.length === 0 }).toEqual({ zod: isGood, schema: isGood, check: isGood });
  });
});

interface KeyOfSchema {
  readonly keys: readonly (string | number)[];
  readonly path: string;
  readonly schema: JsonSchema;
}

/** Every key that a schema lists, at any depth. */
function everyKey(schema: JsonSchema, keys: readonly (string | number)[] = [], top = schema): KeyOfSchema[] {
  const inner = resolveRef(top, schema);
  const own = Object.entries(inner.properties ?? {}).flatMap(([key, member]) => {
    const path = [...keys, key];
    return [{ keys: path, path: path.join('.'), schema: member }, ...everyKey(member, path, top)];
  });
  const item = inner.items?.properties === undefined ? [] : everyKey(inner.items, [...keys, 0], top);
  const value = typeof inner.additionalProperties === 'object' && inner.additionalProperties.properties !== undefined ? everyKey(inner.additionalProperties, [...keys, 'x'], top) : [];
  return [...own, ...item, ...value];
}

/** Whether there is more to a key than its type. */
function hasRule(schema: JsonSchema): boolean {
  const { pattern, minLength, minimum, allOf, anyOf, items, propertyNames, additionalProperties, enum: listed } = schema;
  const own = pattern ?? minLength ?? minimum ?? listed ?? propertyNames?.minLength ?? allOf?.[0]?.pattern;
  const inner = [...(anyOf ?? []), ...(items === undefined ? [] : [items]), ...(typeof additionalProperties === 'object' ? [additionalProperties] : [])];
  return own !== undefined || inner.some((part) => part.properties === undefined && part.$ref === undefined && hasRule(part));
}

/** A document with a value at a path. */
function wrap(keys: readonly (string | number)[], value: unknown): unknown {
  return keys.reduceRight((inner, key) => (typeof key === 'number' ? [inner] : { [key]: inner }), value);
}

function otherType(schema: JsonSchema): unknown {
  const { type } = resolveRef(root, schema);
  return type === 'string' || type === undefined ? 7 : 'no such value!';
}
