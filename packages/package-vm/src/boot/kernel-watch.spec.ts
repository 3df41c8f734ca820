import { type BootPhase, isNoise } from './kernel-messages.js';
import { type KernelFacts, KernelWatch } from './kernel-watch.js';

/** What is known after lines of the kernel, and of the program where they begin with `> `. */
function watchIn(phase: BootPhase, ...lines: readonly string[]): KernelFacts {
  const kernel = new KernelWatch();
  for (const line of lines) {
    if (line.startsWith('> ')) kernel.seeProgram(Buffer.from(line.slice(2)));
    else kernel.see(line, phase);
  }
  return kernel.facts;
}

const watch = (...lines: readonly string[]): KernelFacts => watchIn('loader', ...lines);
const ASSERTION = 'assertion x failed at y.c:1 (IP 0xff) in f()';

describe('KernelWatch', () => {
  it.each([
    { line: 'program startup failed on exec: (result:unable to open program file /absent)', outcome: 'load-failure', explanation: 'The image has no program `/absent`.' },
    { line: "program startup failed on exec: (result:couldn't find program interpreter /lib64/ld-linux-x86-64.so.2)", outcome: 'load-failure', explanation: 'The interpreter `/lib64/ld-linux-x86-64.so.2` of the program is not in the image.' },
    { line: 'program startup failed before exec: (result:other)', outcome: 'load-failure', explanation: 'The kernel could not load the program: (result:other).' },
    { line: 'elf load: failed to parse file, len 1720928', outcome: 'halted', explanation: 'The image cannot be booted' },
    { line: 'assertion program failed at /nanos/src/unix/special.c:367 (IP 0xfffffffff170f663) in register_special_files()', outcome: 'halted', explanation: 'has no sound `program`' },
    { line: 'assertion create_special_file(sf->path, open, sf->alloc_size, 0) failed at /nanos/src/unix/special.c:385 (IP 0xff) in register_special_files()', outcome: 'halted', explanation: 'a path that the Nanos kernel owns' },
    { line: 'assertion p && is_string(p) failed at /nanos/src/kernel/stage3.c:62 (IP 0xff) in startup()', outcome: 'halted', explanation: 'has no sound `program`' },
    { line: 'assertion bitmap_extend(b, i) failed at /nanos/src/runtime/bitmap.h:68 (IP 0xff) in bitmap_set()', outcome: 'halted', explanation: 'its assertion `bitmap_extend(b, i)` in `bitmap_set` does not hold' },
    { line: 'program arguments must be a vector or tuple', outcome: 'halted', explanation: 'cannot read the image\'s `arguments`' },
    { line: 'unable to open filesystem: (result:no magic)', outcome: 'halted', explanation: 'The image cannot be booted: unable to open filesystem: (result:no magic).' },
    { line: 'cannot get physical page for vaddr 0x11, ctx 0x22; OOM', outcome: 'halted', explanation: 'ran out of memory' },
    { line: 'cpu: 0, context type: 1', outcome: 'halted', explanation: 'kernel itself crashed' },
    { line: '[0.412048] stack check failed on cpu 1', outcome: 'halted', explanation: 'kernel itself crashed' },
    { line: 'placeholder: the layout is sound', outcome: 'halted', explanation: 'its layout is sound, but it holds the placeholder release' },
    { line: 'placeholder: the layout is WRONG', outcome: 'halted', explanation: 'its layout is WRONG' },
    { line: 'placeholder: the BIOS cannot read the disk', outcome: 'halted', explanation: 'its layout is WRONG' },
  ])('explains $line', ({ line, outcome, explanation }) => {
    expect(watch(line, 'assertion later failed at x (IP 0) in f()').end).toMatchObject({ outcome, explanation: expect.stringContaining(explanation) as string });
  });

  it.each<{ reason: string; phase: BootPhase; lines: readonly string[]; hasGivenUp: boolean }>([
    { reason: 'with its stack', phase: 'program', lines: ['frame trace: ', 'loaded klibs: ', ASSERTION], hasGivenUp: true },
    { reason: 'with its stack afterwards', phase: 'program', lines: ['cpu: 0, context type: 1', 'frame trace:'], hasGivenUp: true },
    { reason: 'with blank output in between', phase: 'program', lines: ['frame trace: ', '> \n', ASSERTION], hasGivenUp: true },
    { reason: 'while it loads', phase: 'loader', lines: ['unable to open filesystem: x'], hasGivenUp: true },
    { reason: 'unless it shows no stack', phase: 'program', lines: [ASSERTION], hasGivenUp: false },
    { reason: 'unless the program spoke since the stack', phase: 'program', lines: ['frame trace: ', '> a', ASSERTION], hasGivenUp: false },
    { reason: 'unless the program goes on', phase: 'program', lines: ['frame trace: ', ASSERTION, '> a'], hasGivenUp: false },
  ])('has given up $reason', ({ phase, lines, hasGivenUp }) => {
    const facts = watchIn(phase, ...lines);
    expect(facts.hasGivenUp).toBe(hasGivenUp);
    expect(facts.end).toBeDefined();
  });

  it('takes what is said last, where the program has spoken in between', () => {
    expect(watch(ASSERTION, '> a', 'cpu: 0, context type: 1').end?.explanation).toContain('crashed');
    expect(watch(ASSERTION, '> a')).toMatchObject({ isLastWord: false, end: { codes: [126, 127] } });
    expect(watch('*** signal 9 received by tid 2', '> a', '*** signal 6 received by tid 2').signal).toBe(6);
  });

  it.each([
    { line: 'unable to open filesystem: x', phase: 'kernel' as const },
    { line: 'placeholder: the layout is sound', phase: 'kernel' as const },
    { line: 'program startup failed on exec: x', phase: 'program' as const },
  ])('does not believe $line once the $phase has spoken', ({ line, phase }) => {
    expect(watchIn(phase, line).end).toBeUndefined();
  });

  it('holds no end of notes', () => {
    const lines = Array.from({ length: 1000 }, (_, index) => `[0.326776] storage: mount point /${index} not found`);
    expect(watch(...lines).notes).toHaveLength(10);
  });

  it('knows the signal, its fate and what the disk refused', () => {
    const shutdown = '[0.410041] storage_shutdown error: status 2';
    expect(watch('*** signal 6 received by tid 2, errno 0, code -6', '   core dump', shutdown, shutdown, '[0.4] storage_shutdown error: no core generated: limit 0')).toMatchObject({ end: undefined, signal: 6, hasEndedProgram: true, shutdownErrors: 2 });
    expect(watch('   terminate')).toMatchObject({ signal: undefined, hasEndedProgram: true });
    expect(watch('[4.083985] page fill failed with (result:out of memory)').isOutOfMemory).toBe(true);
  });

  it('tells Nanos from a boot loader', () => {
    expect(watch('placeholder: this is not Nanos').hasNanosSpoken).toBe(false);
    expect(watch('[0.244] three digits only').hasNanosSpoken).toBe(false);
    expect(watch('[0.679609] NET: no network interface found').hasNanosSpoken).toBe(true);
  });

  it('notes a thing once', () => {
    const line = '[0.326776] storage: mount point /workspace not found';
    expect(watch(line, line).notes).toEqual(['The image has no folder `/workspace` to mount the workspace at, so the workspace appears nowhere.']);
  });
});

describe('isNoise', () => {
  it.each(['[0.679609] NET: no network interface found', 'SCSI SENSE 70 00 07 00: KEY 7, ASC/ASCQ 27/00', '   rip: 000000000041b73b', 'lastvector: 00000000000000ea', '   address: 0000000000000008', ''])('is %j', (line) => {
    expect(isNoise(line)).toBe(true);
  });

  it.each(['*** signal 6 received by tid 2, errno 0, code -6', '    fault address 0x8', 'program startup failed on exec: x', 'SCSI SENSE 70 00 05 00: KEY 5, ASC/ASCQ 21/00', '[0.3] storage: mount point /workspace not found'])('is not %j', (line) => {
    expect(isNoise(line)).toBe(false);
  });
});
