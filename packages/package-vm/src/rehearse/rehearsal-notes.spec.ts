import { type Observation, rehearsalNotes } from './rehearsal-notes.js';

const MIB = 1024 * 1024;
const plain: Observation = {
  report: { end: { kind: 'exit', code: 0 }, peakMemoryBytes: MIB, refusedCalls: [], writtenPaths: [], lowerLimits: new Map() },
  facts: {
    program: '/p', arguments: ['p'], environment: ['A=1'], cwd: '/', isReadonlyRoot: true,
    share: { mountPoint: '/workspace', isReadonly: false }, otherMounts: [], nanosVersion: '0.1.54', dropped: [],
  },
  hasMountPoint: true, isolation: 'namespaces', cpus: 2, availableCpus: 2, memoryMiB: 100,
};
const withReport = (report: Partial<Observation['report']>): Observation => ({ ...plain, report: { ...plain.report, ...report } });
const withFacts = (facts: Partial<Observation['facts']>): Observation => ({ ...plain, facts: { ...plain.facts, ...facts } });

describe('rehearsalNotes', () => {
  it.each<{ reason: string; seen: Observation }>([
    { reason: 'is told of an honest run', seen: plain },
    { reason: 'is told of exit code 126', seen: withReport({ end: { kind: 'exit', code: 126 } }) },
    { reason: 'is told of nine tenths of the memory', seen: withReport({ peakMemoryBytes: 90 * MIB }) },
    { reason: 'is told of 4096 open files', seen: withReport({ lowerLimits: new Map([['open files', 4096]]) }) },
  ])('nothing $reason', ({ seen }) => {
    expect(rehearsalNotes(seen)).toEqual([]);
  });

  it('does not list every file of many', () => {
    const notes = rehearsalNotes(withReport({ writtenPaths: Array.from({ length: 12 }, (_, index) => `/x${index}`) }));
    expect(notes).toHaveLength(6);
    expect(notes[5]).toBe('The same holds for 7 more paths.');
  });

  it.each<{ reason: string; seen: Observation; note: string }>([
    { reason: 'weak isolation', seen: { ...plain, isolation: 'weak' }, note: 'Weak isolation' },
    { reason: 'a process', seen: withReport({ refusedCalls: [56] }), note: 'tried to start a process' },
    { reason: 'another call', seen: withReport({ refusedCalls: [319] }), note: '`memfd_create`' },
    { reason: 'a write outside', seen: withReport({ writtenPaths: ['/tmp/x'] }), note: 'tried to write `/tmp/x`' },
    { reason: 'a write outside that worked', seen: { ...withReport({ writtenPaths: ['/tmp/x'] }), facts: { ...plain.facts, isReadonlyRoot: false } }, note: 'wrote `/tmp/x`' },
    { reason: '/dev/null', seen: withReport({ writtenPaths: ['/dev/null'] }), note: 'Nanos 0.1.54 refuses' },
    { reason: 'exit code 127', seen: withReport({ end: { kind: 'exit', code: 127 } }), note: 'arrives as 127 through QEMU, like a kernel that halted' },
    { reason: 'exit code 128', seen: withReport({ end: { kind: 'exit', code: 128 } }), note: 'Exit code 128 arrives as 0' },
    { reason: 'nearly all memory', seen: withReport({ peakMemoryBytes: 91 * MIB }), note: "91 MiB of the VM's 100 MiB" },
    { reason: 'few open files', seen: withReport({ lowerLimits: new Map([['open files', 4095]]) }), note: '4095 for open files' },
    { reason: 'a memory limit below', seen: withReport({ lowerLimits: new Map([['memory', 1]]) }), note: '1 for memory' },
    { reason: 'few CPUs', seen: { ...plain, availableCpus: 1 }, note: '1 CPUs for the program, the VM has 2' },
    { reason: 'no mount', seen: withFacts({ share: undefined }), note: 'mounts no `%0`, so' },
    { reason: 'another mount', seen: withFacts({ share: undefined, otherMounts: ['%1 at /workspace'] }), note: '(only %1 at /workspace)' },
    { reason: 'no folder to mount on', seen: { ...plain, hasMountPoint: false }, note: 'no folder `/workspace`' },
    { reason: 'what is empty', seen: withFacts({ dropped: ['argument 1', 'A', 'OPS_VERSION'] }), note: 'dropped by Nanos 0.1.54, as it was done here: argument 1, A.' },
  ])('tells of $reason', ({ seen, note }) => {
    expect(rehearsalNotes(seen)).toEqual([expect.stringContaining(note)]);
  });
});
