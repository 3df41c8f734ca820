import { findingsOf, goodManifest } from '../testing/findings-of.js';
import { fixManifest } from './fix-manifest.js';

const options = { file: 'vm.json', platform: 'gevulot', program: 'my_prover', scope: 'safe' } as const;
const fix = (text: string): string => fixManifest(text, options).text;
/** A manifest of one line with nothing to put right, around what a test is about. */
const around = (members: string): string => `{ ${members}, "ManifestPassthrough": { "readonly_rootfs": "true", "debug_exit": "true" }, "Mounts": { "%0": "/workspace" } }`;

describe('fixManifest', () => {
  it.each([
    { reason: 'a key in wrong case', bad: '"files": ["a"]', good: '"Files": ["a"]' },
    { reason: 'a known confusion', bad: '"Environment": {}', good: '"Env": {}' },
    { reason: 'a number to be quoted, as it is written', bad: '"Env": { "A": 1.50, "B": true }', good: '"Env": { "A": "1.50", "B": "true" }' },
    { reason: 'a string that is a number', bad: '"RunConfig": { "CPUs": "2" }', good: '"RunConfig": { "CPUs": 2 }' },
    { reason: 'a string that is a boolean', bad: '"Force": "True"', good: '"Force": true' },
    { reason: 'one name for a list', bad: '"Klibs": "ntp"', good: '"Klibs": ["ntp"]' },
    { reason: 'variables in a list', bad: '"Env": ["A=b", "C=d=e"]', good: '"Env": { "A": "b", "C": "d=e" }' },
    { reason: 'variables as names and values', bad: '"Env": [{ "name": "A", "value": "b" }, "C=d", { "E": 1 }]', good: '"Env": { "A": "b", "C": "d", "E": "1" }' },
    { reason: 'maps in a list', bad: '"MapDirs": ["a/*:/a", { "source": "b/*", "target": "/b" }]', good: '"MapDirs": { "a/*": "/a", "b/*": "/b" }' },
    { reason: 'a size', bad: '"BaseVolumeSz": "32 MiB"', good: '"BaseVolumeSz": "32M"' },
    { reason: 'a path without slash', bad: '"MapDirs": { "a/*": "./a/" }', good: '"MapDirs": { "a/*": "/a" }' },
    { reason: 'the path of the build', bad: '"Program": "./target/release/my_prover"', good: '"Program": "my_prover"' },
    { reason: 'RebootOnExit first', bad: '"RebootOnExit": true, "Args": []', good: '"Args": []' },
    { reason: 'RebootOnExit last', bad: '"Args": [] , "RebootOnExit": true', good: '"Args": []' },
    { reason: 'a comma missing', bad: '"Args": ["a" "b"] "Files": []', good: '"Args": ["a", "b"], "Files": []' },
    { reason: 'commas too many', bad: '"Args": ["a",, "b"]', good: '"Args": ["a", "b"]' },
    { reason: 'quotes of other kinds', bad: "'Args': [“it’s”, 'a \"b\"', ‘c’, «d»], Env: {}", good: '"Args": ["it’s", "a \\"b\\"", "c", "d"], "Env": {}' },
    { reason: 'the same key twice with the same value', bad: '"Args": ["a"], "Args": ["a"]', good: '"Args": ["a"]' },
    { reason: 'a flag that is off', bad: '"Debugflags": ["missing-files"]', good: '"Debugflags": ["missing_files"]' },
    { reason: 'a key in the section above', bad: '"noaslr": "true", "Args": []', good: undefined },
    { reason: 'Klibs in RunConfig', bad: '"RunConfig": { "Klibs": ["ntp"] }, "Args": []', good: undefined },
  ])('puts right: $reason', ({ bad, good }) => {
    const { text, findings } = fixManifest(around(bad), options);
    if (good !== undefined) expect(text.replace(/ ,/g, ',')).toBe(around(good));
    expect(findings.filter(({ severity }) => severity !== 'note')).toEqual([]);
    expect(fix(text)).toBe(text);
  });

  it.each([
    { reason: 'mounts and flags by name', bad: '{ "Mounts": ["%0:/workspace"], "ManifestPassthrough": ["readonly_rootfs", "debug_exit=true"] }' },
    { reason: 'objects', bad: '{ "Mounts": [{ "%0": "/workspace" }], "ManifestPassthrough": [{ "readonly_rootfs": "true" }, { "debug_exit": "true" }] }' },
    { reason: 'folders of this machine', bad: '{ "Mounts": [{ "source": "%0", "target": "workspace" }], "ManifestPassthrough": [{ "readonly_rootfs": "true", "debug_exit": true }] }' },
  ])('makes objects of lists: $reason', ({ bad }) => {
    const { text, findings } = fixManifest(bad, options);
    expect(JSON.parse(text)).toEqual({ Mounts: { '%0': '/workspace' }, ManifestPassthrough: { readonly_rootfs: 'true', debug_exit: 'true' } });
    expect(findings).toEqual([]);
  });

  it.each([
    { reason: 'a slip, which is only likely', text: around('"Porgram": "my_prover"') },
    { reason: 'the same key twice with other values', text: around('"Args": ["a"], "Args": ["b"]') },
    { reason: 'arguments in one string', text: around('"Args": "a b"') },
    { reason: 'another program', text: around('"Program": "verifier"') },
    { reason: 'both spellings of a key', text: around('"Files": ["a"], "files": ["b"]') },
    { reason: 'a path that leaves', text: around('"MapDirs": { "a/*": "../a" }') },
    { reason: 'variables twice in a list', text: around('"Env": ["A=b", "A=c"]') },
    { reason: 'variables without a value', text: around('"Env": ["A=b", "HOME"]') },
    { reason: 'variables with a value from elsewhere', text: around('"Env": [{ "name": "A", "valueFrom": "b" }]') },
    { reason: 'notes', text: around('"RunConfig": { "Memory": "2g" }').replace('%0', '%1') },
    { reason: 'a stray element, and what is clear beside it', text: "{ 'RebootOnExit': true, \"stray\" }" },
    { reason: 'an apostrophe in single quotes', text: around("\"Args\": ['it's', 'that's']") },
    { reason: 'quotes within quotes of a text processor', text: around('"Args": [“say “hi” now”]') },
    { reason: 'other quotes within them', text: around('"Args": [“say "hi" now”]') },
    { reason: 'words with a blank between', text: around('"Args": [hello world]') },
    { reason: 'a colour without quotes', text: around('"Args": [a#b, "c"\n]') },
    { reason: 'something to fill in', text: around('"Program": <name>') },
    { reason: 'a mount the wrong way round', text: around('"Args": []').replace('"%0": "/workspace"', '"/workspace": "%0"') },
    { reason: 'a key of two sections', text: around('"ImageName": "x"') },
    { reason: 'a flag without which there would be a note', text: around('"Args": []').replace('"debug_exit": "true"', '"debug_exit": false') },
    { reason: 'what is no manifest', text: 'Hello' },
  ])('leaves alone: $reason', ({ text }) => {
    expect(fix(text)).toBe(text);
  });

  it('keeps comments, order, indentation and line ends', () => {
    const bad = [
      '// the prover of the network',
      '{',
      '\t"RebootOnExit": true, // from ops run',
      '\t/* its name */',
      '\t"program": "my_prover",',
      '',
      '\t"Env": {',
      '\t\t"RUST_BACKTRACE": 1, // for panics',
      '\t\t"B": "2" // the last one',
      '\t},',
      '\t"ManifestPassthrough": {',
      '\t\t"debug_exit": "true" // the exit code',
      '\t}',
      '}',
    ].join('\r\n');
    const good = [
      '// the prover of the network',
      '{',
      '\t// from ops run',
      '\t/* its name */',
      '\t"Program": "my_prover",',
      '',
      '\t"Env": {',
      '\t\t"RUST_BACKTRACE": "1", // for panics',
      '\t\t"B": "2" // the last one',
      '\t},',
      '\t"ManifestPassthrough": {',
      '\t\t"debug_exit": "true", // the exit code',
      '\t\t"readonly_rootfs": "true"',
      '\t},',
      '\t"Mounts": {',
      '\t\t"%0": "/workspace"',
      '\t}',
      '}',
    ].join('\r\n');
    expect(fix(bad)).toBe(good);
  });

  it.each([
    { reason: 'the only member', bad: '{\n  "RebootOnExit": true\n}\n', good: '{\n  "Mounts": {\n    "%0": "/workspace"\n  },\n  "ManifestPassthrough": {\n    "readonly_rootfs": "true"\n  }\n}\n' },
    { reason: 'an empty object', bad: '{}', good: '{ "Mounts": { "%0": "/workspace" }, "ManifestPassthrough": { "readonly_rootfs": "true" } }' },
    { reason: 'an object with only a comment', bad: '{\n  // nothing yet\n}\n', good: '{\n  // nothing yet\n  "Mounts": {\n    "%0": "/workspace"\n  },\n  "ManifestPassthrough": {\n    "readonly_rootfs": "true"\n  }\n}\n' },
    { reason: 'a fence', bad: '```json\n{ "Mounts": { "%0": "/workspace" }, "ManifestPassthrough": { "readonly_rootfs": "t" } }\n```\n', good: '{ "Mounts": { "%0": "/workspace" }, "ManifestPassthrough": { "readonly_rootfs": "t" } }\n' },
    { reason: 'a byte order mark', bad: `\uFEFF${goodManifest()}`, good: goodManifest() },
    { reason: 'a flag that is off, and must be on', bad: '{\n  "Mounts": { "%0": "/workspace" },\n  "ManifestPassthrough": {\n    "readonly_rootfs": "false"\n  }\n}\n', good: '{\n  "Mounts": { "%0": "/workspace" },\n  "ManifestPassthrough": {"readonly_rootfs": "true"}\n}\n' },
  ])('writes what is missing: $reason', ({ bad, good }) => {
    expect(fix(bad).replace(/\{\n\s+("readonly_rootfs": "true")\n\s+\}/, reasonIsFlag(bad) ? '{$1}' : '$&')).toBe(good);
  });

  it('tells what it put right', () => {
    const { fixed } = fixManifest('{ "files": [], RebootOnExit: true }', options);
    expect(fixed.map(({ code }) => code).toSorted()).toEqual(['reboot-on-exit', 'syntax', 'unknown-key', 'workspace-missing', 'writable-root']);
  });

  it('leaves out only what the added finding comes of', () => {
    const text = '{ "Mounts": { "%0": "/workspace" }, "ManifestPassthrough": { "readonly_rootfs": true, "debug_exit": false } }';
    expect(fix(text)).toBe(text.replace('true', '"true"'));
  });

  it('changes the right element of a list with wrong ones', () => {
    expect(fix(around('"Debugflags": [null, "missing-files", {}, "no-aslr"], "Args": [[], 1, null, 2]'))).toBe(around('"Debugflags": [null, "missing_files", {}, "noaslr"], "Args": [[], "1", null, "2"]'));
  });

  it('makes the other changes when one would add a finding', () => {
    const text = around('"files": []').replace('"debug_exit"', '"Cwd": "../static", "debug_exit"');
    expect(fix(text)).toBe(text.replace('files', 'Files'));
  });

  it('does not put a key right whose value would then be wrong', () => {
    const text = around('"Args": []').replace('"debug_exit"', '"Cwd": "../static", "debug_exit"');
    expect(fix(text)).toBe(text);
    expect(fix(text.replace('../static', '/static'))).toContain('"cwd": "/static"');
  });

  it('makes the likely changes too where asked to', () => {
    const old = '{ "Porgram": "my_prover", "NanosVersion": "0.1.50", "Mounts": { "%1": "/workspace" }, "RunConfig": { "Memory": "2g", "CPUs": 4 } }';
    const { text, findings } = fixManifest(old, { ...options, scope: 'all' });
    expect(findings).toEqual([]);
    expect(JSON.parse(text)).toEqual({
      Program: 'my_prover',
      Mounts: { '%0': '/workspace' },
      RunConfig: {},
      ManifestPassthrough: { readonly_rootfs: 'true', debug_exit: 'true' },
    });
  });
});

function reasonIsFlag(text: string): boolean {
  return text.includes('"false"') && findingsOf(text).length > 0;
}
