import { type Finding, type Keys, probably, safely } from '../finding.js';
import { type Check } from './check.js';
import { isSecretArgument, isSecretValue } from './secrets.js';

/** Arguments that the kernel would drop, that are not what a program expects, and that give a secret away. */
export function* argumentRules({ manifest, program, report }: Check): Iterable<Finding> {
  const args = manifest.Args ?? [];
  const ownNames = [manifest.Program, manifest.Program?.replace(BUILD_FOLDER, ''), program];
  for (const [index, argument] of args.entries()) {
    const keys = ['Args', index];
    if (argument === '') yield report('empty-value', keys, { keys });
    if (/^--?[a-z][\w-]* +\S/i.test(argument)) yield report('joined-arguments', keys, { keys });
    if (index === 0 && ownNames.includes(argument.replace(BUILD_FOLDER, ''))) yield report('program-in-args', keys, { keys }, { fix: probably({ kind: 'remove', keys }) });
    if (isSecretArgument(argument, args[index - 1])) yield report('secret-in-args', keys, { keys });
  }
}

/** Where a shell finds a program that was just built. */
const BUILD_FOLDER = /^(\.\/)?(target\/(.+\/)?)?/;

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
  yield* valuesOfVariables(check);
}

interface KnownVariable {
  readonly form: RegExp;
  /** What any other value is taken for. */
  readonly takenFor: string;
  readonly advice: string;
}

const backtrace: KnownVariable = { form: /^(0|1|full|)$/, takenFor: 'taken for `1`', advice: 'Write `"1"` or `"full"` to turn it on, `"0"` to turn it off.' };
const threads: KnownVariable = { form: /^(\d+|)$/, takenFor: 'not read', advice: 'Write a number, e.g. `"2"`.' };

/** Variables of the standard library and of libraries that most programs have, which read other values as something else (rust library/std/src/panic.rs, thread/mod.rs). */
const knownVariables: Readonly<Record<string, KnownVariable>> = {
  RUST_BACKTRACE: backtrace,
  RUST_LIB_BACKTRACE: backtrace,
  RUST_MIN_STACK: { form: /^(\d+|)$/, takenFor: 'not read', advice: 'Write a number of bytes, e.g. `"8388608"`.' },
  RAYON_NUM_THREADS: threads,
  TOKIO_WORKER_THREADS: { ...threads, form: /^([1-9]\d*|)$/, takenFor: 'answered with a panic' },
};

function* valuesOfVariables({ manifest, report }: Check): Iterable<Finding> {
  for (const [name, { form, takenFor, advice }] of Object.entries(knownVariables)) {
    const value = manifest.Env?.[name];
    if (value === undefined || form.test(value)) continue;
    const keys = ['Env', name];
    const fix = form === backtrace.form && /^(true|yes|on)$/i.test(value) ? safely({ kind: 'set', keys, value: '1' }) : undefined;
    yield report('bad-variable', keys, { keys, value, takenFor, advice }, { fix });
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
  if (name === 'LD_LIBRARY_PATH' && value.split(':').some((folder) => /^(\/(home|root|Users|tmp|mnt)(\/|$)|~|\$)/.test(folder))) {
    return 'Remove it, and name the libraries in `extraLibraries`: folders of this machine are not in the image.';
  }
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
