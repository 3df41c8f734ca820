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
}

export function readProgramFacts(attributes: Tuple): ProgramFacts {
  const program = text(attributes.get('program')) ?? '';
  const environment = [...tuple(attributes.get('environment'))].map(([name, value]) => [name, text(value) ?? ''] as const);
  const mounts = [...tuple(attributes.get('mounts'))].map(([device, target]) => [device, text(target) ?? ''] as const);
  const share = mounts.find(([device]) => device === '%0')?.[1];
  const list = attributes.get('arguments');
  return {
    program: absolute(program),
    arguments: Array.isArray(list) ? (list as readonly Value[]).map((value) => text(value) ?? '') : [program],
    environment: environment.map(([name, value]) => `${name}=${value}`),
    cwd: absolute(text(attributes.get('cwd')) ?? '/'),
    // any value counts, `false` too
    isReadonlyRoot: attributes.has('readonly_rootfs'),
    share: share === undefined ? undefined : decodeShare(share),
    otherMounts: mounts.filter(([device]) => device !== '%0').map(([device, target]) => `${device} at ${target}`),
    nanosVersion: environment.find(([name]) => name === 'NANOS_VERSION')?.[1] ?? 'unknown',
  };
}

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

function tuple(value: Value | undefined): Tuple {
  return value instanceof Map ? (value as Tuple) : new Map<string, Value>();
}
