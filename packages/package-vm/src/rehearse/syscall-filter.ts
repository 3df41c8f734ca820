import { HANDLED, IGNORED, TELLING } from './nanos-syscalls.js';

/** How much the sandbox leaves to the init: `namespaces` hide the host, under `weak` isolation paths are mapped one by one. */
export type Isolation = 'namespaces' | 'weak';

// one instruction of classic BPF (linux/filter.h)
interface Instruction {
  readonly code: number;
  readonly value: number;
  /** Instructions to skip when a test holds, and when not. */
  readonly yes?: number;
  readonly no?: number;
}

// linux/bpf_common.h: BPF_LD|BPF_W|BPF_ABS, BPF_JMP|BPF_JEQ|BPF_K, BPF_JMP|BPF_JSET|BPF_K, BPF_RET|BPF_K
const LOAD = 0x20;
const EQUAL = 0x15;
const ANY_BIT = 0x45;
const RETURN = 0x06;

// struct seccomp_data: number, architecture, instruction pointer, then arguments of 8 bytes, low half first
const NUMBER_AT = 0;
const ARCHITECTURE_AT = 4;
const argumentAt = (index: number): number => 16 + 8 * index;
const X86_64 = 0xc000003e; // AUDIT_ARCH_X86_64

// linux/seccomp.h
const ALLOW = 0x7fff0000;
const ERRNO = 0x00050000;
const TRACE = 0x7ff00000;
const EINVAL = 22;
const ENOSYS = 38;

const CLONE_THREAD = 0x10000;
const WRITE_FLAGS = 0x243; // O_WRONLY | O_RDWR | O_CREAT | O_TRUNC

/** What the init is asked to do (`init/trace.c`). */
const ASK = { exec: 1, refuse: 2, uname: 3, sysinfo: 4, getcwd: 5, path: 0x8000 } as const;

/** A call that takes paths: which arguments, and what it does with them. */
interface PathCall {
  readonly number: number;
  readonly paths: readonly [number] | readonly [number, number];
  /** The argument with open flags. */
  readonly flags?: number;
  readonly does?: 'write' | 'chdir';
}

const MODIFYING: readonly PathCall[] = [
  { number: HANDLED.creat, paths: [0], does: 'write' },
  { number: HANDLED.mkdir, paths: [0], does: 'write' },
  { number: HANDLED.mkdirat, paths: [1], does: 'write' },
];
const CHANGING_FOLDER: PathCall = { number: HANDLED.chdir, paths: [0], does: 'chdir' };
const OPENING: readonly (PathCall & { readonly flags: number })[] = [
  { number: HANDLED.open, paths: [0], flags: 1 },
  { number: HANDLED.openat, paths: [1], flags: 2 },
];
/** Further calls whose paths have to be mapped when there is no root of its own. */
const MAPPED: readonly PathCall[] = [
  ...[HANDLED.stat, HANDLED.lstat, HANDLED.access, HANDLED.readlink, HANDLED.statfs, HANDLED.getxattr, HANDLED.lgetxattr].map((number): PathCall => ({ number, paths: [0] })),
  ...[HANDLED.newfstatat, HANDLED.statx, HANDLED.faccessat, HANDLED.readlinkat, HANDLED.inotify_add_watch].map((number): PathCall => ({ number, paths: [1] })),
  ...[HANDLED.unlink, HANDLED.rmdir, HANDLED.truncate, HANDLED.utime, HANDLED.utimes, HANDLED.setxattr, HANDLED.lsetxattr].map((number): PathCall => ({ number, paths: [0], does: 'write' })),
  ...[HANDLED.unlinkat, HANDLED.utimensat].map((number): PathCall => ({ number, paths: [1], does: 'write' })),
  // of a symbolic link only its own place is a path of now, its target is text
  { number: HANDLED.symlink, paths: [1], does: 'write' },
  { number: HANDLED.symlinkat, paths: [2], does: 'write' },
  { number: HANDLED.rename, paths: [0, 1], does: 'write' },
  { number: HANDLED.renameat, paths: [1, 3], does: 'write' },
  { number: HANDLED.renameat2, paths: [1, 3], does: 'write' },
];
/** Calls with a folder's descriptor before each path. */
const AT_CALLS = new Set<number>([
  HANDLED.openat, HANDLED.mkdirat, HANDLED.newfstatat, HANDLED.statx, HANDLED.faccessat, HANDLED.readlinkat, HANDLED.unlinkat,
  HANDLED.utimensat, HANDLED.symlinkat, HANDLED.renameat, HANDLED.renameat2,
]);

/**
 * A seccomp filter (classic BPF) that lets a program make the system calls of Nanos and no others. Processes, and hard links,
 * which the workspace does not have, are refused and reported; a thread passes.
 */
export function syscallFilter(isolation: Isolation): Uint8Array {
  const rules = new Map<number, readonly Instruction[]>();
  for (const number of Object.values(HANDLED)) rules.set(number, [give(ALLOW)]);
  for (const number of Object.values(IGNORED)) rules.set(number, [give(ERRNO)]);
  for (const number of [...Object.values(TELLING), HANDLED.link, HANDLED.linkat]) rules.set(number, [ask(ASK.refuse)]);
  rules.set(TELLING.execve, [ask(ASK.exec)]);
  rules.set(HANDLED.uname, [ask(ASK.uname)]);
  rules.set(HANDLED.sysinfo, [ask(ASK.sysinfo)]);
  rules.set(HANDLED.clone, ifBits(0, CLONE_THREAD, give(ALLOW), ask(ASK.refuse)));
  // its flags lie in memory, out of the filter's sight: libc falls back to clone
  rules.set(HANDLED.clone3, [give(ERRNO | ENOSYS)]);
  for (const number of [HANDLED.io_uring_setup, HANDLED.io_uring_enter, HANDLED.io_uring_register]) rules.set(number, [give(ERRNO | EINVAL)]);
  // Linux makes this call itself to go on with a sleep that the tracer interrupted
  rules.set(219, [give(ALLOW)]);

  const alwaysTraced = isolation === 'weak' ? [CHANGING_FOLDER, ...MODIFYING, ...OPENING, ...MAPPED] : [CHANGING_FOLDER, ...MODIFYING];
  for (const call of alwaysTraced) rules.set(call.number, [ask(pathRequest(call))]);
  if (isolation === 'weak') {
    rules.set(HANDLED.getcwd, [ask(ASK.getcwd)]);
  } else {
    for (const call of OPENING) rules.set(call.number, ifBits(call.flags, WRITE_FLAGS, ask(pathRequest(call)), give(ALLOW)));
  }
  return assemble([
    { code: LOAD, value: ARCHITECTURE_AT },
    { code: EQUAL, value: X86_64, yes: 1 },
    give(ERRNO | ENOSYS),
    { code: LOAD, value: NUMBER_AT },
    ...[...rules].flatMap(([number, then]) => [{ code: EQUAL, value: number, no: then.length }, ...then]),
    give(ERRNO | ENOSYS),
  ]);
}

function pathRequest({ number, paths, flags, does }: PathCall): number {
  const [first, second = 7] = paths;
  const properties = (does === 'write' ? 1 << 9 : 0) | (AT_CALLS.has(number) ? 1 << 10 : 0) | (does === 'chdir' ? 1 << 11 : 0);
  return ASK.path | first | (second << 3) | ((flags ?? 7) << 6) | properties;
}

function give(value: number): Instruction {
  return { code: RETURN, value };
}

function ask(request: number): Instruction {
  return give(TRACE | request);
}

function ifBits(argument: number, bits: number, then: Instruction, otherwise: Instruction): readonly Instruction[] {
  return [{ code: LOAD, value: argumentAt(argument) }, { code: ANY_BIT, value: bits, no: 1 }, then, otherwise];
}

function assemble(instructions: readonly Instruction[]): Uint8Array {
  const bytes = Buffer.alloc(instructions.length * 8);
  instructions.forEach(({ code, value, yes = 0, no = 0 }, index) => {
    bytes.writeUInt16LE(code, index * 8);
    bytes.writeUInt8(yes, index * 8 + 2);
    bytes.writeUInt8(no, index * 8 + 3);
    bytes.writeUInt32LE(value >>> 0, index * 8 + 4);
  });
  return bytes;
}
