import { type Finding, type Keys } from '../finding.js';
import { safely } from '../fix/fix.js';
import { type Check } from './check.js';
import { isSecretArgument, isSecretValue } from './secrets.js';

/** Arguments that the kernel would drop, and that give a secret away. */
export function* argumentRules({ manifest, report }: Check): Iterable<Finding> {
  const args = manifest.Args ?? [];
  for (const [index, argument] of args.entries()) {
    const keys = ['Args', index];
    if (argument === '') yield report('empty-value', keys, { keys });
    if (isSecretArgument(argument, args[index - 1])) yield report('secret-in-args', keys, { keys });
  }
}

/** Variables that the kernel cannot take, that do nothing in a guest, and that give a secret away. */
export function* environmentRules(check: Check): Iterable<Finding> {
  const { manifest, report } = check;
  for (const [name, value] of Object.entries(manifest.Env ?? {})) {
    const keys = ['Env', name];
    if (name === '' || name.includes('=')) yield report('bad-env-name', keys, { name }, { at: 'key' });
    if (value === '') yield report('empty-value', keys, { keys });
    if (isSecretValue(name, value)) yield report('secret-in-env', keys, { keys }, { at: 'key' });
    const advice = pointless(name, value, check);
    if (advice !== undefined) yield report('pointless-variable', keys, { keys, advice }, { at: 'key' });
  }
  // the kernel's own trace of a panic wants one of these words
  const backtrace = manifest.Env?.RUST_BACKTRACE;
  if (backtrace !== undefined && !/^(0|1|full|)$/.test(backtrace)) {
    const fix = /^(true|yes|on)$/i.test(backtrace) ? safely({ kind: 'set', keys: ['Env', 'RUST_BACKTRACE'], value: '1' }) : undefined;
    yield report('bad-variable', ['Env', 'RUST_BACKTRACE'], { name: 'RUST_BACKTRACE', expected: '`0`, `1` or `full`' }, { fix });
  }
}

/** Secrets among what klibs are told; an image's attributes are as readable as its files. */
export function* passthroughSecretRules({ manifest, report }: Check): Iterable<Finding> {
  for (const { keys, value } of texts(manifest.ManifestPassthrough ?? {}, ['ManifestPassthrough'])) {
    const name = keys.findLast((key) => typeof key === 'string') ?? '';
    if (isSecretValue(name, value)) yield report('secret-in-passthrough', keys, { keys });
  }
}

/** All texts in a value, with their paths. */
function* texts(value: unknown, keys: Keys): Iterable<{ keys: Keys; value: string }> {
  if (typeof value === 'string') yield { keys, value };
  else if (Array.isArray(value)) for (const [index, item] of value.entries()) yield* texts(item, [...keys, index]);
  else if (typeof value === 'object' && value !== null) for (const [key, member] of Object.entries(value)) yield* texts(member, [...keys, key]);
}

/** Why a variable does nothing, or not what it says, inside a guest. */
function pointless(name: string, value: string, { manifest, platform }: Check): string | undefined {
  if (name === 'LD_PRELOAD') return 'A guest preloads only what is in the image, and fails to start without it: link the library, or name it in `extraLibraries`.';
  if (/^(CARGO(_.*)?|RUSTFLAGS|RUSTC(_.*)?|RUSTUP_.*)$/.test(name)) return 'It is read when a program is built, not when it runs: set it where cargo runs.';
  if (name === 'OPS_PORT' && manifest.RunConfig?.Ports !== undefined) return 'Packaging writes it from `RunConfig.Ports`.';
  if (/^(OPS_VERSION|NANOS_VERSION|NANOS_ARCH|IMAGE_NAME)$/.test(name)) return 'Packaging writes it; the value here replaces what is true of the image.';
  const isReadOnly = platform === 'gevulot' || manifest.ManifestPassthrough?.readonly_rootfs !== undefined;
  const mountPoints = Object.values(manifest.Mounts ?? {});
  const isMounted = mountPoints.some((path) => value === path || value.startsWith(`${path}/`));
  if (/^(TMPDIR|TMP|TEMP|XDG_CACHE_HOME|CUDA_CACHE_PATH)$/.test(name) && isReadOnly && value.startsWith('/') && !isMounted) {
    return 'The root is read-only: choose a folder below `/workspace`.';
  }
  return undefined;
}
