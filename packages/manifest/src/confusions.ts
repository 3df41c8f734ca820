import { type Keys } from './finding.js';
import { formatKeys } from './keys.js';
import { type Suggestion } from './suggestion.js';

/** Keys that are known to be confused with others, beyond their spelling: by section, then by the key in lower case without `-` and `_`. */
const confusedKeys: Readonly<Record<string, Readonly<Record<string, Suggestion>>>> = {
  '': {
    runtime: { advice: 'Remove it: ops documents `Runtime` and refuses it.' },
    $schema: { advice: 'Remove it: ops refuses it. Editors find the schema by the name of the file.' },
    environment: { key: 'Env' },
    environ: { key: 'Env' },
    arguments: { key: 'Args' },
    volumes: { key: 'Mounts' },
    passthrough: { key: 'ManifestPassthrough' },
    reboot: { key: 'RebootOnExit' },
  },
  RunConfig: {
    klibs: { advice: 'Move it to the top level: `RunConfig.Klibs` is documented, and ops refuses it.' },
    ram: { key: 'Memory' },
    smp: { key: 'CPUs' },
    vcpus: { key: 'CPUs' },
  },
  ManifestPassthrough: {
    readonly: { key: 'readonly_rootfs' },
    readonlyroot: { key: 'readonly_rootfs' },
    // as the documentation's own prose has it
    radonlyrootfs: { key: 'readonly_rootfs' },
    workdir: { key: 'cwd' },
    workingdir: { key: 'cwd' },
    loglevel: { key: 'log_level' },
    debugexitcode: { key: 'debug_exit' },
  },
};

/** What to do about a value of another type, by the path of its key. */
const confusedTypes: Readonly<Record<string, string>> = {
  NanosVersion: 'Remove it: ops takes no version from a manifest. Set `nanosVersion` in `[package.metadata.package-vm]`.',
  Env: 'Write it as an object: `"Env": { "RUST_LOG": "info" }`.',
  Mounts: 'Write it as an object: `"Mounts": { "%0": "/workspace" }`.',
  MapDirs: 'Write it as an object: `"MapDirs": { "static/*": "/static" }`.',
  Args: 'Write each argument as a string of its own: `"Args": ["--size", "10"]`.',
};

export function confusedKey(section: Keys, key: string): Suggestion | undefined {
  const plain = key.toLowerCase().replace(/[-_]/g, '');
  const table = confusedKeys[formatKeys(section)] ?? {};
  return Object.hasOwn(table, plain) ? table[plain] : undefined;
}

export function confusedType(keys: Keys): string | undefined {
  const path = formatKeys(keys);
  return Object.hasOwn(confusedTypes, path) ? confusedTypes[path] : undefined;
}
