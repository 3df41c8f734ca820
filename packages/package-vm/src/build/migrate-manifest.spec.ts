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
    expect(settings).toEqual(['resources = { memoryMiB = 8192, gpus = 1 }']);
  });

  it('does not guess where nothing can be known', () => {
    expect(codes('{ "Args": "--a b", "Quux": 1 }')).toEqual(['wrong-type', 'unknown-key']);
    expect(codes('no manifest')).toEqual(['syntax']);
  });
});
