import { type Isolation } from './syscall-filter.js';

/** What the init needs to know (`struct config` in `init/init.h`). */
export interface InitConfig {
  /** A file that exists; the init appends its lines. */
  readonly reportPath: string;
  readonly isolation: Isolation;
  /** Process that must be the init's parent. */
  readonly parentPid: number;
  readonly isReadonlyRoot: boolean;
  readonly cpus: number;
  readonly memoryMiB: number;
  /** Folder with the image's tree. */
  readonly root: string;
  /** Folder of the host; also says as whom a root user's rehearsal runs. */
  readonly workspace: string;
  /** Where the workspace is inside the root; undefined: nowhere. */
  readonly share: { readonly mountPoint: string; readonly isReadonly: boolean } | undefined;
  readonly cwd: string;
  /** What is given to execve. */
  readonly program: string;
  readonly filter: Uint8Array;
  /** E.g. `0.1.54`; shown as the release of the system. */
  readonly nanosVersion: string;
  readonly arguments: readonly string[];
  readonly environment: readonly string[];
}

const MIB = 1024 * 1024;

/** The configuration as the init reads it: fields in a fixed order, each with its length in 4 bytes before it. */
export function encodeInitConfig(config: InitConfig): Uint8Array {
  const fields = [
    text(config.reportPath),
    flag(config.isolation === 'namespaces'),
    number(config.parentPid),
    flag(config.isReadonlyRoot),
    number(config.cpus),
    number(config.memoryMiB * MIB),
    text(config.root),
    text(config.workspace),
    text(config.share?.mountPoint ?? ''),
    flag(config.share?.isReadonly === true),
    text(config.cwd),
    text(config.program),
    config.filter,
    utsname(config.nanosVersion),
    sysinfo(config.memoryMiB * MIB),
    ...list(config.arguments),
    ...list(config.environment),
  ];
  return Buffer.concat(fields.flatMap((field) => [length(field), field]));
}

function text(value: string): Uint8Array {
  return Buffer.from(`${value}\0`);
}

function number(value: number): Uint8Array {
  return text(value.toFixed(0));
}

function flag(value: boolean): Uint8Array {
  return number(value ? 1 : 0);
}

function list(values: readonly string[]): readonly Uint8Array[] {
  return [number(values.length), ...values.map(text)];
}

function length(field: Uint8Array): Uint8Array {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(field.length);
  return bytes;
}

/** `struct new_utsname`: six fields of 65 bytes. Nanos: `uname` in src/unix/syscall.c. */
function utsname(nanosVersion: string): Uint8Array {
  const bytes = Buffer.alloc(6 * 65);
  ['Nanos', '', `5.0-${nanosVersion}`, '', 'x86_64'].forEach((field, index) => bytes.write(field, index * 65, 64));
  return bytes;
}

/** `struct sysinfo`: uptime at 0, total and free memory at 32 and 40, processes at 80, unit of memory at 104. */
function sysinfo(memoryBytes: number): Uint8Array {
  const bytes = Buffer.alloc(112);
  bytes.writeBigInt64LE(1n, 0);
  bytes.writeBigUInt64LE(BigInt(memoryBytes), 32);
  bytes.writeBigUInt64LE(BigInt(memoryBytes), 40);
  bytes.writeUInt16LE(1, 80);
  bytes.writeUInt32LE(1, 104);
  return bytes;
}
