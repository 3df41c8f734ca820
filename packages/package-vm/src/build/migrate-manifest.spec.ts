import { migrateManifest } from './migrate-manifest.js';

const options = { file: 'old.json', platform: 'gevulot', program: 'my_prover' } as const;
const codes = (text: string): string[] => migrateManifest(text, options).findings.map(({ code }) => code);

const WILD = `{
  "program": "./target/release/my_prover",
  "ENV": ["RUST_BACKTRACE=1", "RUST_LOG=info"],
  "RebootOnExit": true, // from ops run
  "NanosVersion": "0.1.50",
  "Files": [
    "/lib/x86_64-linux-gnu/libdl.so.2",
    "params.bin",
    "/lib/x86_64-linux-gnu/libpthread.so.0"
  ],
  "RunConfig": {
    "CPUs": 8,
    "Memory": "24g"
  },
  "Mounts": {
    "%1": "workspace"
  }
}
`;

describe('migrateManifest', () => {
  it('makes a good manifest of one from the wild, and lists what it changed', () => {
    const { text, changes, settings, findings } = migrateManifest(WILD, options);
    expect(text).toBe(`{
  "Program": "my_prover",
  "Env": {
    "RUST_BACKTRACE": "1",
    "RUST_LOG": "info"
  },
  // from ops run
  "Files": [
    "params.bin"
  ],
  "Mounts": {
    "%0": "/workspace"
  },
  "ManifestPassthrough": {
    "readonly_rootfs": "true",
    "debug_exit": "true"
  }
}
`);
    expect(findings).toEqual([]);
    expect(changes.toSorted()).toEqual([
      'removed `Files[0]`',
      'removed `Files[2]`',
      'removed `NanosVersion`',
      'removed `RebootOnExit`',
      'removed `RunConfig.CPUs`',
      'removed `RunConfig.Memory`',
      'removed `RunConfig`',
      'renamed `ENV` to `Env`',
      'renamed `Mounts["%1"]` to `%0`',
      'renamed `program` to `Program`',
      'set `Env`',
      'set `ManifestPassthrough.debug_exit` to `"true"`',
      'set `ManifestPassthrough.readonly_rootfs` to `"true"`',
      'set `Mounts["%1"]` to `"/workspace"`',
      'set `Program` to `"my_prover"`',
    ]);
    expect(settings).toEqual(['nanosVersion = "0.1.50"', 'resources = { cpus = 8, memoryMiB = 24576 }']);
  });

  it('does nothing to a good one, nor a second time', () => {
    const { text } = migrateManifest(WILD, options);
    expect(migrateManifest(text, options)).toEqual({ text, changes: [], settings: [], findings: [] });
  });

  it('leaves of the GPU document what is to be decided', () => {
    const document = '{ "RebootOnExit": true, "RunConfig": { "GPUs": 1, "Memory": "8g" }, "Klibs": ["gpu_nvidia"], "KlibDir": "/build", "Dirs": ["lib", "nvidia"], "Files": ["/lib/x86_64-linux-gnu/libdl.so.2"], "Mounts": { "%1": "/workspace" } }';
    const { text, settings } = migrateManifest(document, options);
    expect(JSON.parse(text)).toEqual({
      Klibs: ['gpu_nvidia'],
      KlibDir: '/build',
      Dirs: ['lib', 'nvidia'],
      Mounts: { '%0': '/workspace' },
      ManifestPassthrough: { readonly_rootfs: 'true', debug_exit: 'true' },
    });
    // settings have no GPUs so far: a node takes them from the deployment
    expect(settings).toEqual(['resources = { memoryMiB = 8192 }']);
  });

  it.each([
    { reason: 'keys that nobody knows', old: '{ "RunConfig": { "Quux": 1, "CPUs": 2 }, "CloudConfig": { "Frob": "x" } }', kept: { RunConfig: { Quux: 1 }, CloudConfig: { Frob: 'x' } } },
    { reason: 'a list with something else in it', old: '{ "Files": [null, "a.bin", "/lib/x.so.1", "b.bin"] }', kept: { Files: [null, 'a.bin', 'b.bin'] } },
    { reason: 'a value that cannot be read', old: '{ "RunConfig": { "Memory": "a lot" }, "TargetConfig": { "a": 1.5e400 } }', kept: { RunConfig: { Memory: 'a lot' }, TargetConfig: { a: Infinity } } },
    { reason: 'a section of another kind', old: '{ "RunConfig": "", "CloudConfig": ["x"] }', kept: { RunConfig: '', CloudConfig: ['x'] } },
  ])('loses nothing: $reason', ({ old, kept }) => {
    const { text, findings } = migrateManifest(old, options);
    expect(JSON.parse(text)).toMatchObject(kept);
    expect(findings.map(({ severity }) => severity)).toContain('error');
  });

  it.each([
    { memory: '"24g"', memoryMiB: 24576 },
    { memory: '"512M"', memoryMiB: 512 },
    // QEMU, which ops hands it to, takes a bare number as MiB
    { memory: '"2048"', memoryMiB: 2048 },
    { memory: '2048', memoryMiB: 2048 },
    { memory: '"1500k"', memoryMiB: 2 },
    { memory: '"0"', memoryMiB: undefined },
  ])('asks for as much memory as ops would give: $memory', ({ memory, memoryMiB }) => {
    expect(migrateManifest(`{ "RunConfig": { "Memory": ${memory} } }`, options).settings).toEqual(memoryMiB === undefined ? [] : [`resources = { memoryMiB = ${memoryMiB} }`]);
  });

  it('keeps a section for a comment that is in it', () => {
    expect(migrateManifest('{\n  "RunConfig": {\n    // for large circuits\n    "Memory": "24g"\n  }\n}\n', options).text).toContain('"RunConfig": {\n    // for large circuits\n  }');
  });

  it.each([
    { reason: 'beside others', old: '{ "Klibs": ["ntp"], "RunConfig": { "Klibs": ["gpu_nvidia", "ntp"] } }', klibs: ['ntp', 'gpu_nvidia'] },
    { reason: 'in another spelling', old: '{ "klibs": ["ntp"], "RunConfig": { "klibs": ["tun"] } }', klibs: ['ntp', 'tun'] },
    { reason: 'alone', old: '{ "RunConfig": { "Klibs": ["tun"] } }', klibs: ['tun'] },
  ])('puts the klibs of RunConfig where they belong: $reason', ({ old, klibs }) => {
    const { text, findings } = migrateManifest(old, options);
    expect(JSON.parse(text)).toMatchObject({ Klibs: klibs });
    expect(text).not.toContain('RunConfig');
    expect(findings).toEqual([]);
  });

  it('turns a mount round, unless its key is taken', () => {
    const { text, findings } = migrateManifest('{ "Mounts": { "/workspace": "%1" } }', options);
    expect(JSON.parse(text)).toMatchObject({ Mounts: { '%0': '/workspace' } });
    expect(findings).toEqual([]);
    expect(codes('{ "Mounts": { "/workspace": "%0", "%0": "/workspace" } }')).toEqual(['bad-value']);
  });

  it('makes objects of lists, and leaves to somebody what has no value', () => {
    const { text, findings } = migrateManifest('{ "Env": [{ "name": "A", "value": "b" }, "C=d"], "Mounts": ["./share:/workspace"], "ManifestPassthrough": ["readonly_rootfs"] }', options);
    expect(JSON.parse(text)).toEqual({ Env: { A: 'b', C: 'd' }, Mounts: { '%0': '/workspace' }, ManifestPassthrough: { readonly_rootfs: 'true', debug_exit: 'true' } });
    expect(findings).toEqual([]);
    expect(codes('{ "Env": ["A=b", "HOME"] }')).toEqual(['wrong-type']);
  });

  it('tells what is left in the order of the file', () => {
    expect(codes('{\n  "Env": { "API_TOKEN": "abcdef-abcdef" },\n  "Quux": 1\n}')).toEqual(['secret-in-env', 'unknown-key']);
  });

  it('leaves klibs that are no list of names to somebody', () => {
    const { text, findings } = migrateManifest('{ "Klibs": ["ntp"], "RunConfig": { "Klibs": [1, "tun"] } }', options);
    expect(JSON.parse(text)).toMatchObject({ Klibs: ['ntp'], RunConfig: { Klibs: [1, 'tun'] } });
    expect(findings.map(({ code }) => code)).toEqual(['unknown-key']);
  });

  it('takes out what ops documents and refuses', () => {
    const { text, settings, findings } = migrateManifest('{ "Runtime": "nanos", "NanosVersion": ["0.1.50"] }', options);
    expect(JSON.parse(text)).toEqual({ Mounts: { '%0': '/workspace' }, ManifestPassthrough: { readonly_rootfs: 'true', debug_exit: 'true' } });
    expect({ settings, findings }).toEqual({ settings: ['nanosVersion = "0.1.50"'], findings: [] });
    expect(codes('{ "NanosVersion": ["0.1.50", "0.1.51"] }')).toEqual(['wrong-type']);
  });

  it.each([
    { reason: 'in a fence', old: 'Here is it:\n\n```json\n{ "Program": "my_prover", }\n```\n\nGood luck {you}!\n' },
    { reason: 'in a fence among others', old: '# Build\n```sh\nops build {x}\n```\nand\n~~~\n// vm\n{ \'Program\': "my_prover" }\n~~~\n' },
    { reason: 'without a fence', old: 'Our config: see below.\n{\n  "Program": "my_prover"\n}\nThat is all.\n' },
  ])('takes a manifest out of prose: $reason', ({ old }) => {
    const { text, changes, findings } = migrateManifest(old, options);
    expect(JSON.parse(text.replace(/^\/\/.*\n/, ''))).toMatchObject({ Program: 'my_prover', Mounts: { '%0': '/workspace' } });
    expect(changes[0]).toBe('left out the text around the manifest');
    expect(findings).toEqual([]);
  });

  it.each([
    { reason: 'two manifests', old: '```\n{ "Program": "a" }\n```\nor\n```\n{ "Program": "b" }\n```\n' },
    { reason: 'one that is broken', old: 'Here:\n{ "Program": "a", "stray" }\n' },
    { reason: 'none', old: 'Use {braces}' },
  ])('leaves prose around $reason', ({ old }) => {
    expect(migrateManifest(old, options)).toMatchObject({ text: old, changes: [], findings: expect.arrayContaining([expect.objectContaining({ code: 'syntax' })]) as unknown });
  });

  it('does not guess where nothing can be known', () => {
    expect(codes('{ "Args": "--a b", "Quux": 1 }')).toEqual(['wrong-type', 'unknown-key']);
    expect(codes('no manifest')).toEqual(['syntax']);
  });
});
