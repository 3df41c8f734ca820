import { type Keys } from './finding.js';
import { formatKeys } from './keys.js';
import { type Suggestion } from './suggestion.js';

const COMMENT: Suggestion = { advice: 'Write it as a comment, `// …`, or remove it.' };

/** Keys that are known to be confused with others, beyond their spelling: by section, then by the key in lower case without `-` and `_`. */
const confusedKeys: Readonly<Record<string, Readonly<Record<string, Suggestion>>>> = {
  '': {
    runtime: { isUseless: true, advice: 'Remove it: ops documents `Runtime` and refuses it.' },
    environment: sure('Env'),
    environ: sure('Env'),
    envs: sure('Env'),
    arguments: sure('Args'),
    cmdline: { key: 'Args' },
    volumes: { key: 'Mounts' },
    passthrough: sure('ManifestPassthrough'),
    manifestpassthru: sure('ManifestPassthrough'),
    reboot: { key: 'RebootOnExit' },
    nameserver: { key: 'NameServers' },
    binary: { key: 'Program' },
    executable: { key: 'Program' },
    cpu: { key: 'CPUs', section: ['RunConfig'] },
    ram: { key: 'Memory', section: ['RunConfig'] },
    workdir: { key: 'cwd', section: ['ManifestPassthrough'] },
    workingdir: { key: 'cwd', section: ['ManifestPassthrough'] },
    copy: { key: 'Files' },
    libs: { key: 'Files' },
    folders: { key: 'Dirs' },
    directories: { key: 'Dirs' },
    mapfiles: { key: 'MapDirs' },
    klib: { key: 'Klibs' },
    modules: { key: 'Klibs' },
    disksize: { key: 'BaseVolumeSz' },
    basevolumesize: sure('BaseVolumeSz'),
    cmd: { key: 'Args' },
    entrypoint: { key: 'Program' },
    resources: { advice: 'Set `resources` in `[package.metadata.package-vm]` instead.' },
    comment: COMMENT,
    $comment: COMMENT,
    '//': COMMENT,
  },
  RunConfig: {
    klibs: { key: 'Klibs', section: [], isSure: true, advice: 'Move it to the top level: `RunConfig.Klibs` is documented, and ops refuses it.' },
    ram: { key: 'Memory' },
    mem: { key: 'Memory' },
    smp: { key: 'CPUs' },
    vcpus: { key: 'CPUs' },
    cores: { key: 'CPUs' },
    gpucount: { key: 'GPUs' },
  },
  ManifestPassthrough: {
    readonly: { key: 'readonly_rootfs' },
    readonlyroot: sure('readonly_rootfs'),
    // as the documentation's own prose has it
    radonlyrootfs: sure('readonly_rootfs'),
    workdir: sure('cwd'),
    workingdir: sure('cwd'),
    chdir: { key: 'cwd' },
    debugexitcode: { key: 'debug_exit' },
    aslr: { key: 'noaslr' },
  },
};

function sure(key: string): Suggestion {
  return { key, isSure: true };
}

/** What to do about a value of another type, by the path of its key. */
const confusedTypes: Readonly<Record<string, string>> = {
  NanosVersion: 'Remove it: ops takes no version from a manifest. Set `nanosVersion` in `[package.metadata.package-vm]`.',
  Env: 'Write it as an object: `"Env": { "RUST_LOG": "info" }`.',
  Mounts: 'Write it as an object: `"Mounts": { "%0": "/workspace" }`.',
  ManifestPassthrough: 'Write it as an object: `"ManifestPassthrough": { "readonly_rootfs": "true" }`.',
  MapDirs: 'Write it as an object: `"MapDirs": { "static/*": "/static" }`.',
  Args: 'Write each argument as a string of its own: `"Args": ["--size", "10"]`.',
};

export function confusedKey(section: Keys, key: string): Suggestion | undefined {
  const plain = key.toLowerCase().replace(/[-_]/g, '');
  const table = confusedKeys[formatKeys(section)] ?? {};
  return Object.hasOwn(table, plain) ? table[plain] : undefined;
}

export function confusedType(keys: Keys, value: unknown): string | undefined {
  const path = formatKeys(keys);
  const hasNameAlone = path === 'Env' && Array.isArray(value) && value.some((item) => typeof item === 'string' && /^\w+$/.test(item));
  if (hasNameAlone) return 'Write it as an object, with a value for each: `"Env": { "RUST_LOG": "info" }`; variables of this machine are not passed on.';
  return Object.hasOwn(confusedTypes, path) ? confusedTypes[path] : undefined;
}
