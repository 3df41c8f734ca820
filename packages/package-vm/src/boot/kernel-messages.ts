import { type Outcome } from '../task/run-result.js';

/** How far a boot is: only the boot loader has spoken, or the kernel, or the program. */
export type BootPhase = 'loader' | 'kernel' | 'program';

/** A message with which the kernel, or its boot loader, gives up. `$1`, `$2` stand for what the pattern caught. */
export interface EndMessage {
  /** For a whole line of the serial console. */
  readonly pattern: RegExp;
  /** The last phase in which it comes; later it is the program's. */
  readonly until: BootPhase;
  /** The codes that may come with it; default: those of a halt and a crash. */
  readonly codes?: readonly number[];
  readonly outcome: Extract<Outcome, 'load-failure' | 'halted'>;
  readonly explanation: string;
  readonly hint?: string;
}

/** What the kernel ends with when it crashes, and when it halts (nanos src/runtime/runtime.h). */
export const FAULT_CODE = 126;
export const HALT_CODE = 127;

/** In the order in which they are tried. Sources: nanos src/kernel/stage3.c, src/unix/exec.c, src/unix/special.c, platform/pc/boot/stage2.c; seen with 0.1.54. */
export const END_MESSAGES: readonly EndMessage[] = [
  {
    pattern: /^program startup failed \w+ exec: \(result:unable to open program file (.*)\)$/,
    until: 'kernel', outcome: 'load-failure', explanation: 'The image has no program `$1`.',
    hint: 'Look for it with `package-vm tree`: `Program` must name a file in the image.',
  },
  {
    pattern: /^program startup failed \w+ exec: \(result:couldn't find program interpreter (.*)\)$/,
    until: 'kernel', outcome: 'load-failure', explanation: 'The interpreter `$1` of the program is not in the image.',
    hint: 'Package the program with its libraries, or build it static.',
  },
  { pattern: /^program startup failed \w+ exec: (.*)$/, until: 'kernel', outcome: 'load-failure', explanation: 'The kernel could not load the program: $1.' },
  {
    pattern: /^assertion (?:program failed at .* in register_special_files|p && is_string\(p\) failed at .* in startup)\(\)/,
    until: 'kernel', outcome: 'halted', explanation: 'The image does not say which program to run: its root tuple has no sound `program`.',
    hint: 'Package it again, with `Program` in the manifest.',
  },
  {
    pattern: /^assertion create_special_file.* failed at .* in register_special_files\(\)/,
    until: 'kernel', outcome: 'halted', explanation: 'The image has something at a path that the Nanos kernel owns, such as `/dev/null` or `/proc/meminfo`: it ends in an assertion before the program starts.',
    hint: 'Leave such paths out of the image.',
  },
  { pattern: /^assertion (.+) failed at .* in (\w+)\(\)/, until: 'program', outcome: 'halted', explanation: 'The Nanos kernel halted: its assertion `$1` in `$2` does not hold.', hint: 'The serial log has the kernel\'s stack; `--gdb` stops the VM before its first instruction.' },
  { pattern: /^failed to parse program arguments|^program arguments must be a vector or tuple/, until: 'kernel', outcome: 'halted', explanation: 'The Nanos kernel halted: it cannot read the image\'s `arguments`.', hint: 'Look at them with `package-vm inspect`.' },
  {
    pattern: /^(unable to open filesystem: .*|invalid filesystem offset|filesystem_read_entire failed: .*|kernel elf parse failed|elf load: failed to parse file, len \d+|bios_read_sectors: error .*|kernel failed to execute|multiple root filesystems found|failed to start long mode)$/,
    until: 'loader', outcome: 'halted', explanation: 'The image cannot be booted: $1.', hint: 'Look at it with `package-vm inspect`; it may be damaged or cut short.',
  },
  {
    pattern: /^\*\*\* bootstrap heap overflow! \*\*\*$|^(?:init_unix|create_init): out of memory$|^cannot get physical page for .*; OOM$|^unhandled demand page failure .*$/,
    until: 'program', outcome: 'halted', explanation: 'The Nanos kernel ran out of memory and halted.', hint: 'Give the VM more memory with `--memory`.',
  },
  { pattern: /^(?:cpu: \d+, context type: \d+|cpu \w+, state \w+, vector \w+)$|stack check failed on cpu \d+$/, until: 'program', outcome: 'halted', explanation: 'The Nanos kernel itself crashed.', hint: 'Nanos 0.1.55 and later have a fault with files of the workspace; 0.1.54 has not.' },
  {
    pattern: /^placeholder: the layout is (sound|WRONG)$/,
    // 81 when something is wrong (examples/placeholder-release)
    until: 'loader', codes: [80, 81], outcome: 'halted', explanation: 'The image boots and its layout is $1, but it holds the placeholder release, which runs no program.',
    hint: 'Install a Nanos release with `package-vm nanos install 0.1.54` and package the image again.',
  },
  { pattern: /^placeholder: (?:the BIOS cannot read the disk|stage 2 does not follow the boot sector)$/, until: 'loader', codes: [81], outcome: 'halted', explanation: 'The image holds the placeholder release, and its layout is WRONG.' },
];

/** What the kernel says while it goes on, and a sentence for people. */
export const TOLD_MESSAGES: readonly { readonly pattern: RegExp; readonly note: string }[] = [
  { pattern: /^\[[\d.]+\] storage: mount point (.*) not found$/, note: 'The image has no folder `$1` to mount the workspace at, so the workspace appears nowhere.' },
  { pattern: /^\[[\d.]+\] pagecache: error reading page .*$/, note: 'A part of the image could not be read: it may be cut short.' },
  { pattern: /^WARNING: old version of TFS found/, note: 'The image has an old file system (version 4).' },
];

/** The program got a signal that ends it (src/unix/signal.c); SIGTERM has only the fate below. */
export const SIGNAL_MESSAGE = /^\*\*\* signal (\d+) received by tid \d+/;
/** Ends what is told of a signal. */
export const FATE_MESSAGE = /^ {3}(core dump|terminate|stop)$/;
/** Memory ran out under the program, which then gets SIGBUS (0.1.54) or SIGSEGV. */
export const OUT_OF_MEMORY_MESSAGE = /^\[[\d.]+\] page fill failed with \(result:out of memory\)$/;
/** Once for each thing that could not be written to the read-only disk at the end: the log after an exit code other than 0, then what is left to write. */
export const SHUTDOWN_ERROR_MESSAGE = /^\[[\d.]+\] storage_shutdown error: status \d+$/;
/** The kernel's stack, which comes with each assertion and crash. */
export const TRACE_MESSAGE = /^frame trace: ?$/;
/** Messages through the kernel's log have a time stamp. */
export const STAMP = /^\[\d+\.\d{6}\] /;

/** Begins a dump of registers and stack: of a signal, and of a crash of the kernel. */
export const DUMP_MESSAGE = /^\*\*\* signal \d+ received by tid \d+|^cpu: \d+, context type: \d+$/;

const STACK: readonly RegExp[] = [TRACE_MESSAGE, /^stack trace: ?$/, /^kernel load offset [0-9a-f]{16}$/, /^loaded klibs: /, /^[0-9a-f]{16}: {3}[0-9a-f]{16}/];
const DUMP: readonly RegExp[] = [...STACK, FATE_MESSAGE, /^$/, /^\*\*\* \w+ context:$/, /^ *[a-z][a-z0-9_ ]*: [0-9a-f]{16}\b/, /^ *type: [a-z]+$/, /^ {4}fault address 0x[0-9a-f]+$/];

/** Whether a line may be one of a dump. */
export function isDumpLine(line: string): boolean {
  return DUMP.some((pattern) => pattern.test(line));
}

/** Kernel lines without a stamp, apart from those above. */
const UNSTAMPED: readonly RegExp[] = [/^SCSI SENSE (?:[0-9a-f]{2} ){4}/, /^WARNING: old version of TFS found/, ...STACK];

/** Whether a line is the kernel's, or its boot loader's. A program that imitates one is taken for it. */
export function isKernelLine(line: string, phase: BootPhase): boolean {
  if (STAMP.test(line) || FATE_MESSAGE.test(line) || DUMP_MESSAGE.test(line) || UNSTAMPED.some((pattern) => pattern.test(line))) return true;
  return (phase === 'loader' && line.startsWith('placeholder: ')) || findEndMessage(line, phase) !== undefined;
}

/** The message with which a line ends everything, in this phase of the boot. */
export function findEndMessage(line: string, phase: BootPhase): { readonly message: EndMessage; readonly match: RegExpExecArray } | undefined {
  for (const message of END_MESSAGES) {
    const match = PHASES.indexOf(phase) <= PHASES.indexOf(message.until) ? message.pattern.exec(line) : null;
    if (match !== null) return { message, match };
  }
  return undefined;
}

const PHASES: readonly BootPhase[] = ['loader', 'kernel', 'program'];

/** Whether more of a line may make it the kernel's. */
export function mayBecomeKernelLine(beginning: string): boolean {
  return beginning !== '' && (/^\[\d*(?:\.\d{0,5}|\.\d{6}(?:\](?: .*)?)?)?$/.test(beginning) || BEGINNINGS.some((text) => text.startsWith(beginning) || beginning.startsWith(text)));
}

/** How the unstamped ones begin that decide something. */
const BEGINNINGS = ['SCSI SENSE ', 'frame trace:', 'assertion ', 'program startup failed ', 'unable to open filesystem: ', '*** signal ', 'cpu: ', 'placeholder: ', '   core dump', '   terminate'];

/** Kernel text right behind what the program printed without ending its line. */
export const KERNEL_TEXT_WITHIN_LINE = /\[\d+\.\d{6}\] (?:[a-z_]+ error: |NET: |storage: |pagecache: |page fill failed )|SCSI SENSE (?:[0-9a-f]{2} ){4}/;

/** Kernel lines that come with every run of a node's devices, or belong to a dump of registers: for the serial log, not for the terminal. */
export function isNoise(line: string): boolean {
  return NOISE.some((pattern) => pattern.test(line));
}

const NOISE: readonly RegExp[] = [
  /^$/,
  /^\[[\d.]+\] NET: no network interface found$/,
  /^\[[\d.]+\] storage_shutdown error: /,
  /^SCSI SENSE .* ASC\/ASCQ 27\/00$/, // write protected
  /^(?:frame|stack) trace: ?$|^kernel load offset |^loaded klibs: |^[0-9a-f]{16}: {3}/,
  /^ *(?:[a-z0-9]{2,6}|active_cpu|lastvector|stack top|error code|frame|type|address): /,
  /^\*\*\* (?:Thread|Syscall) context:$/,
];
