import fc from 'fast-check';
import { checkManifest, hasErrors, inFileOrder, parseManifest } from './index.js';
import { formatKeys } from './keys.js';
import { codesOf, findingsOf, goodManifest, withPassthrough } from './testing/findings-of.js';

const parse = (text: string): ReturnType<typeof parseManifest> => parseManifest(text, { file: 'vm.json' });

describe('parseManifest', () => {
  it.each([
    { reason: 'comments and trailing commas', text: '// why\n{ /* the name */ "Program": "my_prover", "Args": ["a", ], }\n' },
    { reason: 'a leading blank line, tabs and no final line feed', text: '\r\n{\r\n\t"Program":\t"my_prover",\r\n\t"Args": ["a"]}' },
  ])('accepts $reason', ({ text }) => {
    expect(parse(text)).toEqual({ manifest: { Program: 'my_prover', Args: ['a'] }, findings: [] });
  });

  it('reads past a byte order mark, and says that ops does not', () => {
    expect(parse('\uFEFF{ "Program": "my_prover" }')).toMatchObject({ manifest: { Program: 'my_prover' }, findings: [{ code: 'byte-order-mark', severity: 'warning' }] });
  });

  it('keeps the order of Env, Mounts and MapDirs', () => {
    const { manifest } = parse('{ "Env": { "Z": "1", "A": "2" }, "MapDirs": { "b/*": "/b", "a/*": "/" } }');
    expect([Object.keys(manifest?.Env ?? {}), Object.keys(manifest?.MapDirs ?? {})]).toEqual([['Z', 'A'], ['b/*', 'a/*']]);
  });

  it('gives all findings at once, in the order of the file, and keeps what is right', () => {
    const text = '{\n"Args": [1],\n"files": [],\n"Env": { "A": "1", "B": 2 },\n"Args": [],\n"RunConfig": { "CPUs": "2", "Memory": "2g" }\n}';
    const { manifest, findings } = parse(text);
    expect(findings.map(({ code, place }) => `${place.line} ${code} ${formatKeys(place.keys ?? [])}`)).toEqual([
      '2 quote-it Args[0]',
      '3 unknown-key files',
      '4 quote-it Env.B',
      '5 duplicate-key Args',
      '6 wrong-type RunConfig.CPUs',
    ]);
    // where it is clear what was meant, that is checked further
    expect(manifest).toEqual({ Args: ['1'], Files: [], Env: { A: '1', B: '2' }, RunConfig: { CPUs: 2, Memory: '2g' } });
  });

  it('checks what stands beside a wrong element of a list, and tells its place', () => {
    const text = '{ "Args": [null, "--token=hunter2-of-many", {}, ""], "ManifestPassthrough": { "consoles": [1, "+serial"] } }';
    expect(inFileOrder(findingsOf(text, { platform: 'nanos' })).map(({ code, place }) => `${place.column} ${code} ${formatKeys(place.keys ?? [])}`)).toEqual([
      '12 wrong-type Args[0]',
      '18 secret-in-args Args[1]',
      '45 wrong-type Args[2]',
      '49 empty-value Args[3]',
      '92 quote-it ManifestPassthrough.consoles[0]',
    ]);
    expect(parse(text).manifest).toEqual({ Args: ['--token=hunter2-of-many', ''], ManifestPassthrough: { consoles: ['+serial'] } });
  });

  it('does not print values of the environment', () => {
    const { findings } = parse('{ "Env": { "TOKEN": 123456, "LIST": ["secret"] } }');
    expect(JSON.stringify(findings)).not.toMatch(/123456|secret/);
  });

  it.each([
    { reason: 'an empty file', text: '', message: 'Expected a value, found the end of the file' },
    { reason: 'only a comment', text: '// nothing', message: 'Expected a value, found the end of the file' },
    { reason: 'prose', text: 'no manifest', message: 'Expected `{`, found `no`' },
  ])('finds nothing to read in $reason', ({ text, message }) => {
    expect(parse(text)).toMatchObject({ manifest: undefined, findings: [{ code: 'syntax', message }] });
  });

  it.each([
    { reason: 'a missing comma', text: '{ "Args": []\n"Env": {} }', message: 'Expected `,` before the next value, found `"Env"`', manifest: { Args: [], Env: {} } },
    { reason: 'a missing comma in a list', text: '{ "Args": ["a" "b"] }', message: 'Expected `,` before the next value, found a text', manifest: { Args: ['a', 'b'] } },
    { reason: 'a comma too many', text: '{ "Args": ["a",, "b"], , "Env": {} }', message: 'Expected a value, found `,`', manifest: { Args: ['a', 'b'], Env: {} } },
    { reason: 'an unclosed object', text: '{ "Env": {', message: 'Expected `}` to close the object that begins in line 1, found the end of the file', manifest: { Env: {} } },
    { reason: 'an unclosed list before a key', text: '{ "Args": ["a", "b"\n  , "Env": {} }', message: 'Expected `]` to close the list that begins in line 1, found `"Env"`', manifest: { Args: ['a', 'b'], Env: {} } },
    { reason: 'an unclosed list before a brace', text: '{ "Args": ["a" }', message: 'Expected `]` to close the list that begins in line 1, found `}`', manifest: { Args: ['a'] } },
    { reason: 'a bracket for a brace', text: '{ "Args": ["a"], "Env": { "A": "b" ], "Klibs": [] }', message: 'Expected `}` to close the object that begins in line 1, found `]`', hint: 'Write `}` in its place.', manifest: { Args: ['a'], Env: { A: 'b' }, Klibs: [] } },
    { reason: 'a brace for a bracket', text: '{ "Args": ["a"}, "Klibs": [] }', message: 'Expected `]` to close the list that begins in line 1, found `}`', hint: 'Write `]` in its place.', manifest: { Args: ['a'], Klibs: [] } },
    { reason: 'a bracket at the end of all', text: '{ "Args": ["a"] ]', message: 'Expected a key in double quotes, found `]`', hint: 'Remove it.', manifest: { Args: ['a'] } },
    { reason: 'single quotes', text: "{ 'Args': ['a'] }", message: 'Expected double quotes, found single quotes', hint: 'Use double quotes.', manifest: { Args: ['a'] } },
    { reason: 'quotes of a text processor', text: '{ “Args”: [] }', message: 'Expected double quotes, found typographic quotes', manifest: { Args: [] } },
    { reason: 'no quotes', text: '{ Args: [] }', message: 'Expected a key in double quotes, found `Args`', hint: 'Put it in double quotes.', manifest: { Args: [] } },
    { reason: 'a word', text: '{ "Program": my_prover }', message: 'Expected a value, found `my_prover`', hint: 'Put it in double quotes.', manifest: { Program: 'my_prover' } },
    { reason: 'a number that is none', text: '{ "RunConfig": { "CPUs": 08 } }', message: 'Expected a number, found `08`', manifest: { RunConfig: {} } },
    { reason: 'True', text: '{ "Force": True }', message: 'Expected a value, found `True`', hint: 'Write `true`.', manifest: { Force: true } },
    { reason: 'a Markdown fence', text: '```json\n{ "Args": [] }\n```\n', message: 'Expected JSON, found ````json`', hint: 'Remove the lines of the Markdown fence around the JSON.', manifest: { Args: [] } },
    { reason: 'prose around', text: 'Here it is:\n{ "Args": [] }\nGood luck!', message: 'Expected `{`, found `Here`', manifest: { Args: [] } },
    { reason: 'no braces', text: '"Args": [], "Env": {}', message: 'Expected `{` at the start, found `"Args"`', manifest: { Args: [], Env: {} } },
    { reason: 'a stray element in an object', text: '{ "Args": [], "x" }', message: 'Expected `:` and a value after a text, found `}`', manifest: { Args: [] } },
    { reason: 'a stray object', text: '{ {"a": 1}, "Args": [] }', message: 'Expected a key in double quotes, found `{`', manifest: { Args: [] } },
    { reason: 'a missing value', text: '{ "Program": , "Args": [] }', message: 'Expected a value, found `,`', manifest: { Args: [] } },
    { reason: 'an equals sign', text: '{ "Program" = "x" }', message: 'Expected `:` after the key, found `=`', manifest: { Program: 'x' } },
    { reason: 'YAML', text: 'Program: my_prover\n', message: 'Expected `{`, found `Program`', hint: 'A manifest is JSON, one object in `{` and `}`; `package-vm init` writes one.', manifest: undefined },
    { reason: 'a pointer of Git LFS', text: 'version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12\n', message: 'Expected `{`, found `version`', hint: 'Git LFS has not fetched the file: run `git lfs pull`.', manifest: undefined },
    { reason: 'a merge conflict', text: '{\n<<<<<<< HEAD\n"Args": []\n=======\n"Args": ["a"]\n>>>>>>> main\n}', message: 'Expected JSON, found `<<<<<<< HEAD`', hint: 'Keep one of the two versions, and remove the lines of the merge conflict.', manifest: { Args: [] } },
    { reason: 'a second document', text: '{} {}', message: 'Expected the end of the file, found `{`', manifest: {} },
    { reason: 'a text over two lines', text: '{ "Program": "a\nb", "Args": [] }', message: 'Expected `"` to close the text before the end of the line', manifest: {} },
    { reason: 'an unclosed comment', text: '{} /* x', message: 'Expected `*/` to close the comment, found the end of the file', manifest: {} },
    { reason: 'a comment of a shell', text: '{ # why\n "Args": [] }', message: 'Expected JSON, found `#`', hint: 'Begin comments with `//`.', manifest: { Args: [] } },
    { reason: 'a bad escape', text: '{ "Program": "a\\q" }', message: 'Expected one of `"\\/bfnrtu` after `\\`, found `\\q`', manifest: { Program: 'a' } },
    { reason: 'a tab in a text', text: '{ "Program": "a\tb" }', message: 'Expected text, found a tab', hint: 'Write it as `\\t`.', manifest: { Program: 'a\tb' } },
    { reason: 'a NUL character', text: '{ \0"Args": [] }', message: 'Expected JSON, found a NUL character', hint: 'Take it out.', manifest: { Args: [] } },
    { reason: 'a no-break space', text: '{\u00A0"Args": [] }', message: 'Expected JSON, found a no-break space', manifest: { Args: [] } },
    { reason: 'UTF-16', text: '\uFFFD\uFFFD\n{\0 \0}\0', message: 'Expected JSON, found a NUL character', hint: 'The file is UTF-16: save it as UTF-8.', manifest: {} },
  ])('says what it expected in $reason, and reads on', ({ text, message, hint, manifest }) => {
    const parsed = parse(text);
    const found = parsed.findings.filter(({ code }) => code === 'syntax').find((finding) => finding.message.startsWith(message));
    expect(found?.message ?? parsed.findings.map((finding) => finding.message)).toEqual(expect.stringContaining(message));
    if (hint !== undefined) expect(found?.hint).toBe(hint);
    if (manifest === undefined) expect(parsed.manifest).toBeUndefined();
    else expect(parsed.manifest).toMatchObject(manifest);
  });

  it('reports the mistakes behind what is no JSON', () => {
    const text = "```json\n{\n  'Program': 'x',\n  \"files\": []\n  \"Env\": { \"A\": 1 },\n  \"stray\",\n  \"Args\": \"a b\"\n}\n```";
    expect(parse(text).findings.map(({ code, place }) => `${place.line} ${code}`)).toEqual([
      '1 syntax', '3 syntax', '4 unknown-key', '5 syntax', '5 quote-it', '6 syntax', '7 wrong-type', '9 syntax',
    ]);
  });

  it.each([
    { reason: 'in the middle', text: '{\n  "Env": {\n    "A": "b",\n  "Args": ["x"],\n  "Klibs": []\n}\n', messages: ['4: Expected `}` to close the object that begins in line 2, found `"Args"`'] },
    { reason: 'behind a brace with a key on its line', text: '{\n  "Env": { "A": "b",\n  "Args": ["x"]\n}\n', messages: ['3: Expected `}` to close the object that begins in line 2, found `"Args"`'] },
    { reason: 'two at once', text: '{\n  "RunConfig": {\n    "Nics": [\n      {\n        "IPAddress": "10.0.0.2"\n  "Args": ["x"],\n  "Klibs": []\n}\n', messages: expect.arrayContaining([expect.stringContaining('6: Expected')]) as string[] },
    { reason: 'without indentation nothing can be told', text: '{\n"Env": {\n"A": "b",\n"B": "c"\n}\n', messages: ['6: Expected `}` to close the object that begins in line 1, found the end of the file'] },
  ])('says which brace is missing, as the lines are indented: $reason', ({ text, messages }) => {
    expect(parse(text).findings.map(({ place, message }) => `${place.line}: ${message}`)).toEqual(messages);
  });

  it.each([
    { reason: 'all of them', text: '{ "Program": "x" "Mounts": { "%0" "/workspace" }, Env: {}, "RebootOnExit": True, "RunConfig": { "CPUs": +1, "GPUs": 07 } }', columns: [18, 35, 51, 76, 105, 117] },
    { reason: 'of quotes of another kind only the first, and what else is wrong', text: "{ 'Program': 'x', 'Args': ['a'], \"Klibs\" [] }", columns: [3, 42] },
    { reason: 'not what follows from a missing quote', text: '{ "Program": "my_prover, "Args": ["a"], "Files": ["b"] }', columns: [27] },
    { reason: 'not what follows from quotes in a text', text: '{ "Env": { "A": "say "hello" to", "B": 1 }, "Klibs" [] }', columns: [23, 40, 53] },
    { reason: 'each missing comma, and what is close behind', text: '{ "Args": ["a" "b" "c"] "Files" [] }', columns: [16, 20, 25, 33] },
  ])('tells of a line every mistake that is one of its own: $reason', ({ text, columns }) => {
    expect(parse(text).findings.map(({ place }) => place.column)).toEqual(columns);
  });

  it('does not miss what may have been in a part that is no JSON', () => {
    expect(codesOf(findingsOf('{ "Program": "x", "stray" }'))).toEqual(['syntax']);
    expect(codesOf(findingsOf('{ "Program": "x" "Args": [] }'))).toEqual(['syntax', 'workspace-missing', 'writable-root', 'exit-code-unknown']);
  });

  it('gives the places of keys and values from start to end', () => {
    const places = parse('{\n  "files": [],\n  "Env": { "A": 12 } }').findings.map(({ place: { line, column, endLine, endColumn } }) => [line, column, endLine, endColumn]);
    expect(places).toEqual([[2, 3, 2, 10], [3, 17, 3, 19]]);
  });

  it.each([
    { reason: 'a list', text: '[]', found: 'a list' },
    { reason: 'null', text: 'null', found: '`null`' },
    { reason: 'a string', text: '"x"', found: 'a string' },
    { reason: 'a number', text: '1', found: 'a number' },
  ])('refuses $reason instead of an object', ({ text, found }) => {
    expect(parse(text)).toMatchObject({ manifest: undefined, findings: [{ code: 'wrong-type', message: `Expected an object, found ${found}` }] });
  });

  it.each([
    { reason: '64 levels are read', text: `{ "x": ${'['.repeat(63)}${']'.repeat(63)} }`, code: 'unknown-key' },
    { reason: '65 levels are refused', text: `{ "x": ${'['.repeat(64)}${']'.repeat(64)} }`, code: 'too-deep' },
    { reason: '10,000 levels are refused, not crashed on', text: '{"a":'.repeat(10_000), code: 'too-deep' },
    { reason: '1 MiB is read', text: `{}${' '.repeat(1024 * 1024 - 2)}`, code: undefined },
    { reason: 'a byte more is refused', text: `{}${' '.repeat(1024 * 1024 - 1)}`, code: 'too-large' },
    { reason: '10 MiB are refused', text: '['.repeat(10 * 1024 * 1024), code: 'too-large' },
    { reason: 'brackets in texts and comments are no levels', text: `{ "Program": "${'['.repeat(70)}x" } // ${'{'.repeat(70)}`, code: undefined },
  ])('is bounded: $reason', ({ text, code }) => {
    expect(parse(text).findings[0]?.code).toBe(code);
  });

  it.each([
    { reason: 'a NUL in a key', text: '{ "Env": { "a\\u0000": "x" } }' },
    { reason: 'half of a surrogate pair', text: '{ "Args": ["\\ud800"] }' },
    { reason: 'the key __proto__', text: '{ "Env": { "__proto__": "x" } }' },
    { reason: 'the key __proto__ at the top level', text: '{ "__proto__": { "Program": "x" } }' },
  ])('refuses $reason', ({ text }) => {
    expect(codesOf(parse(text).findings)).toContain('bad-text');
  });

  it('stays linear with thousands of findings', () => {
    const many = Object.fromEntries(Array.from({ length: 5_000 }, (_, index) => [`key${index}`, 1]));
    const started = performance.now();
    expect(parse(JSON.stringify({ Env: many })).findings).toHaveLength(5_000);
    expect(parse(JSON.stringify(many)).findings).toHaveLength(5_000);
    // quadratic would be minutes
    expect(performance.now() - started).toBeLessThan(10_000);
  });

  it('never throws for what is in the text', () => {
    const keys = fc.constantFrom('Args', 'Env', 'Mounts', 'ManifestPassthrough', 'RunConfig', 'CloudConfig', 'Tags', 'Debugflags', 'tun', 'syslog', 'Program', '', 'x');
    const { document } = fc.letrec((tie) => ({
      document: fc.oneof({ maxDepth: 4 }, fc.string(), fc.double(), fc.boolean(), fc.constant(null), fc.array(tie('document')), fc.dictionary(keys, tie('document'))),
    }));
    fc.assert(
      fc.property(fc.oneof(document.map((value) => JSON.stringify(value)), fc.json(), fc.string()), (text) => {
        const { manifest, findings } = parse(text);
        expect(manifest !== undefined || hasErrors(findings)).toBe(true);
        if (manifest !== undefined) checkManifest(manifest, { file: 'vm.json', platform: 'gevulot', program: 'x' });
      }),
      { numRuns: 500 },
    );
  });

  it('keeps an object whatever is wrong in it', () => {
    const keys = fc.constantFrom('Args', 'Env', 'Mounts', 'MapDirs', 'ManifestPassthrough', 'RunConfig', 'Nics', 'CloudConfig', 'Tags', 'tun', 'consoles', 'uname', '');
    fc.assert(
      fc.property(fc.dictionary(keys, fc.oneof(fc.jsonValue(), fc.dictionary(keys, fc.jsonValue()))), (value) => {
        expect(parse(JSON.stringify(value)).manifest).toBeDefined();
      }),
      { numRuns: 500 },
    );
  });
});

describe('unknown keys', () => {
  it.each([
    { reason: 'wrong case, which ops accepts', text: goodManifest({ files: [] }), hint: 'Did you mean `Files`?' },
    { reason: 'upper case', text: goodManifest({ ENV: {} }), hint: 'Did you mean `Env`?' },
    { reason: 'a slip', text: goodManifest({ Porgram: 'x' }), hint: 'Did you mean `Program`?' },
    { reason: 'a singular', text: goodManifest({ Mount: {} }), hint: 'Did you mean `Mounts`?' },
    { reason: 'another word', text: goodManifest({ Environment: {} }), hint: 'Did you mean `Env`?' },
    { reason: 'a word of another tool', text: goodManifest({ Entrypoint: 'x' }), hint: 'Did you mean `Program`?' },
    { reason: 'a setting', text: goodManifest({ Resources: {} }), hint: 'Set `resources` in `[package.metadata.package-vm]` instead.' },
    { reason: 'a comment in the place of a key', text: goodManifest({ _comment: 'x' }), hint: 'Write it as a comment, `// …`, or remove it.' },
    { reason: 'two slashes in the place of a key', text: goodManifest({ '//': 'x' }), hint: 'Write it as a comment, `// …`, or remove it.' },
    { reason: 'documented, refused by ops', text: goodManifest({ Runtime: 'node' }), hint: 'Remove it: ops documents `Runtime` and refuses it.' },
    {
      reason: 'Klibs where old documentation has them',
      text: goodManifest({ RunConfig: { Klibs: ['ntp'] } }),
      hint: 'Move it to the top level: `RunConfig.Klibs` is documented, and ops refuses it.',
    },
    { reason: 'a key of RunConfig at the top', text: goodManifest({ Memory: '2g' }), hint: '`Memory` belongs in `RunConfig`.' },
    { reason: 'a key of the passthrough at the top', text: goodManifest({ readonly_rootfs: 'true' }), hint: '`readonly_rootfs` belongs in `ManifestPassthrough`.' },
    { reason: 'a key of RunConfig at the top, in lower case', text: goodManifest({ memory: '2g' }), hint: '`Memory` belongs in `RunConfig`.' },
    { reason: 'a key of the passthrough at the top, in another style', text: goodManifest({ ReadonlyRootfs: 'true' }), hint: '`readonly_rootfs` belongs in `ManifestPassthrough`.' },
    { reason: 'a key of the top in RunConfig, in lower case', text: goodManifest({ RunConfig: { env: {} } }), hint: '`Env` belongs at the top level.' },
    { reason: 'a key that two other sections have', text: goodManifest({ imagename: 'x' }), hint: '`ImageName` belongs in `RunConfig` or in `CloudConfig`.' },
    { reason: 'a key of the top in the passthrough', text: withPassthrough({ Klibs: ['ntp'] }), hint: '`Klibs` belongs at the top level.' },
    { reason: 'wrong case, which the kernel ignores', text: withPassthrough({ Cwd: '/' }), hint: 'Did you mean `cwd`?' },
    { reason: 'the documentation’s slip', text: withPassthrough({ radonly_rootfs: 'true' }), hint: 'Did you mean `readonly_rootfs`?' },
    { reason: 'mixed case', text: withPassthrough({ readonly_rootFS: 'true' }), hint: 'Did you mean `readonly_rootfs`?' },
    { reason: 'one underscore too many', text: withPassthrough({ read_only_rootfs: 'true' }), hint: 'Did you mean `readonly_rootfs`?' },
    { reason: 'camel case', text: withPassthrough({ readOnlyRootfs: 'true' }), hint: 'Did you mean `readonly_rootfs`?' },
    { reason: 'a slip in a klib’s data', text: withPassthrough({ uname: { relaese: '5' } }), hint: 'Did you mean `release`?' },
    { reason: 'a slip in a record', text: withPassthrough({ tun: { tun0: { ipadress: '10.0.0.1' } } }, { Klibs: ['tun'] }), hint: 'Did you mean `ipaddress`?' },
    { reason: 'an option that makes syslog fail', text: withPassthrough({ syslog: { fil: '/log' } }, { Klibs: ['syslog'] }), hint: 'Did you mean `file`?' },
  ])('get a suggestion: $reason', ({ text, hint }) => {
    const findings = findingsOf(text).filter(({ code }) => code === 'unknown-key' || code === 'misspelt-passthrough-key');
    expect(findings.map((finding) => finding.hint)).toEqual([hint]);
  });

  it('are told to go where nothing is near', () => {
    expect(findingsOf(goodManifest({ Quux: 1 }))[0]?.hint).toBe('Remove it; docs/manifest.md lists the keys.');
    expect(findingsOf(withPassthrough({ x: { y: 'z' } }))).toMatchObject([{ code: 'unknown-passthrough-key', severity: 'warning' }]);
  });

  it('are kept in the passthrough, since they are written into the image', () => {
    expect(parse(withPassthrough({ x: { y: ['z'] }, Cwd: '/' })).manifest?.ManifestPassthrough).toMatchObject({ x: { y: ['z'] }, Cwd: '/' });
  });

  it('are none of a network interface', () => {
    expect(findingsOf(withPassthrough({ en2: { ipaddr: '10.0.0.2' } }), { platform: 'nanos' })).toEqual([]);
  });
});
