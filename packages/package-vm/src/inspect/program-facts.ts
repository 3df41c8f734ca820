import { type Tuple, type Value } from '@package-vm/disk-image';

/** What the root tuple says about the run (`nanos-image-format`: program, arguments, environment, mounts, cwd). */
export interface ProgramFacts {
  /** Absolute path inside the image. */
  readonly program: string;
  readonly arguments: readonly string[];
  /** `NAME=value`, in the image's order. */
  readonly environment: readonly string[];
  readonly cwd: string;
  readonly isReadonlyRoot: boolean;
  /** Where a node's share appears: the target of `%0`. */
  readonly share: { readonly mountPoint: string; readonly isReadonly: boolean } | undefined;
  /** Other mounts, as `%1 at /workspace`: a node has no device for them. */
  readonly otherMounts: readonly string[];
  readonly nanosVersion: string;
  /** What this version of Nanos drops since it is empty, e.g. `argument 1` or `RUST_LOG`. */
  readonly dropped: readonly string[];
}

export function readProgramFacts(attributes: Tuple): ProgramFacts {
  const program = text(attributes.get('program')) ?? '';
  const mounts = texts(attributes.get('mounts'));
  const share = mounts.find(([device]) => device === '%0')?.[1];
  const environment = texts(attributes.get('environment'));
  const nanosVersion = environment.find(([name]) => name === 'NANOS_VERSION')?.[1] ?? 'unknown';
  const list = attributes.get('arguments');
  const given = Array.isArray(list) ? (list as readonly Value[]).map((value) => text(value) ?? '') : [program];
  const isKept = (value: string): boolean => value !== '' || !DROPPING_VERSIONS.has(nanosVersion);
  return {
    program: absolute(program),
    arguments: given.filter(isKept),
    environment: environment.filter(([, value]) => isKept(value)).map(([name, value]) => `${name}=${value}`),
    cwd: absolute(text(attributes.get('cwd')) ?? '/'),
    // any value counts, `false` too
    isReadonlyRoot: attributes.has('readonly_rootfs'),
    share: share === undefined ? undefined : decodeShare(share),
    otherMounts: mounts.filter(([device]) => device !== '%0').map(([device, target]) => `${device} at ${target}`),
    nanosVersion,
    dropped: [
      ...given.flatMap((value, index) => (isKept(value) ? [] : [`argument ${index}`])),
      ...environment.filter(([, value]) => !isKept(value)).map(([name]) => name),
    ],
  };
}

/** Found by booting: 0.1.54 drops empty arguments and environment values, 0.1.55 keeps them. */
const DROPPING_VERSIONS: ReadonlySet<string> = new Set(['0.1.54']);

/** The kernel cuts the target at the first `:ro`. */
function decodeShare(target: string): { readonly mountPoint: string; readonly isReadonly: boolean } {
  const end = target.indexOf(':ro');
  return { mountPoint: absolute(end === -1 ? target : target.slice(0, end)), isReadonly: end !== -1 };
}

/** `/a/b` for `a//b/`. */
function absolute(path: string): string {
  return `/${path.split('/').filter((part) => part !== '').join('/')}`;
}

function text(value: Value | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function texts(value: Value | undefined): readonly (readonly [string, string])[] {
  const entries = value instanceof Map ? [...(value as Tuple)] : [];
  return entries.map(([name, item]) => [name, text(item) ?? '']);
}
