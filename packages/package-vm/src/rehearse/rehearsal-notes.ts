import { type ProgramFacts } from '../inspect/program-facts.js';
import { HANDLED, TELLING } from './nanos-syscalls.js';
import { type SandboxReport } from './sandbox-report.js';
import { type Isolation } from './syscall-filter.js';

export interface Observation {
  readonly report: SandboxReport;
  readonly facts: ProgramFacts;
  readonly hasMountPoint: boolean;
  readonly isolation: Isolation;
  readonly cpus: number;
  readonly availableCpus: number;
  readonly memoryMiB: number;
}

/** What the run showed that a node would do differently or that a node refuses, one sentence each. */
export function rehearsalNotes(seen: Observation): readonly string[] {
  return [...isolationNotes(seen), ...imageNotes(seen), ...programNotes(seen), ...machineNotes(seen)];
}

function isolationNotes({ isolation }: Observation): string[] {
  if (isolation === 'namespaces') return [];
  return ["Weak isolation: the program's paths were mapped into the image, but the network, other processes and, by odd paths, files of this machine were within its reach."];
}

function imageNotes({ facts, hasMountPoint }: Observation): string[] {
  const notes = [];
  if (facts.share === undefined) notes.push(`The image mounts no \`%0\`${facts.otherMounts.length === 0 ? '' : ` (only ${facts.otherMounts.join(', ')})`}, so a node's share, and this workspace, appears nowhere.`);
  else if (!hasMountPoint) notes.push(`The image has no folder \`${facts.share.mountPoint}\` for the share, so the workspace appears nowhere.`);
  // ops sets OPS_VERSION for itself
  const dropped = facts.dropped.filter((name) => !name.startsWith('OPS_'));
  if (dropped.length > 0) notes.push(`Empty, and so dropped by Nanos ${facts.nanosVersion}, as it was done here: ${dropped.join(', ')}.`);
  return notes;
}

const CALL_NAMES: ReadonlyMap<number, string> = new Map(
  Object.entries({ ...TELLING, link: HANDLED.link, linkat: HANDLED.linkat }).map(([name, number]) => [number, name]),
);

function programNotes({ report, facts, memoryMiB }: Observation): string[] {
  const notes = report.refusedCalls.map((number) => {
    if (number === HANDLED.clone) return 'The program tried to start a process (`clone`): Nanos has one, and answers ENOSYS as it was done here.';
    return `The program called \`${CALL_NAMES.get(number) ?? String(number)}\`, which Nanos answers with ENOSYS, as it was done here.`;
  });
  const written = report.writtenPaths.slice(0, SHOWN_PATHS).map((path) => writeNote(path, facts));
  const more = report.writtenPaths.length - written.length;
  notes.push(...written, ...(more > 0 ? [`The same holds for ${more} more paths.`] : []));
  if (report.end?.kind === 'exit' && report.end.code > 126) {
    notes.push(`Exit code ${report.end.code} arrives as ${report.end.code % 128} through QEMU${report.end.code % 128 === 127 ? ', like a kernel that halted' : ''}.`);
  }
  const peakMiB = (report.peakMemoryBytes ?? 0) / (1024 * 1024);
  if (peakMiB > 0.9 * memoryMiB) notes.push(`The program used ${peakMiB.toFixed(0)} MiB of the VM's ${memoryMiB} MiB, of which the kernel needs a part.`);
  return notes;
}

const SHOWN_PATHS = 5;

function writeNote(path: string, { isReadonlyRoot }: ProgramFacts): string {
  if (path === '/dev/null') return 'The program opened `/dev/null` for writing: Nanos 0.1.54 refuses that under a read-only root, here it worked.';
  if (isReadonlyRoot) return `The program tried to write \`${path}\`, outside the workspace: the root is read-only.`;
  return `The program wrote \`${path}\`, outside the workspace: a node's disk is read-only, so there it fails or is lost.`;
}

function machineNotes({ report, cpus, availableCpus }: Observation): string[] {
  // tens of thousands of open files are no prover's business
  const limits = [...report.lowerLimits].filter(([name, value]) => name !== 'open files' || value < 4096);
  const notes = limits.map(([name, value]) => `This machine allows ${value} for ${name}, less than Nanos.`);
  if (availableCpus < cpus) notes.push(`This machine has ${availableCpus} CPUs for the program, the VM has ${cpus}.`);
  return notes;
}
