import { type DiskImage } from '@package-vm/disk-image';
import { isElf, readElf } from '@package-vm/disk-image/elf';
import { errorMessageOf } from '@package-vm/errors';
import { type ProgramFacts, readProgramFacts } from '../inspect/program-facts.js';

/** What an image says about how a boot of it goes and ends. */
export interface ImageFacts extends Pick<ProgramFacts, 'program' | 'share' | 'otherMounts' | 'isReadonlyRoot'> {
  /** Whether the exit code comes out through isa-debug-exit; any value of the attribute counts. */
  readonly hasDebugExit: boolean;
  /** Whether codes are named that arrive as 0. */
  readonly hasExpectedCode: boolean;
  readonly isRebooting: boolean;
  readonly isIdling: boolean;
  readonly hasSelfExe: boolean;
  /** Why the program is none for Nanos, which does not look; undefined for a sound one, and where there is none. */
  readonly programFault: string | undefined;
}

export function readImageFacts({ root }: DiskImage): ImageFacts {
  const { program, share, otherMounts, isReadonlyRoot } = readProgramFacts(root.attributes);
  return {
    program, share, otherMounts, isReadonlyRoot,
    hasDebugExit: root.attributes.has('debug_exit'),
    hasExpectedCode: root.attributes.has('expected_exit_code'),
    isRebooting: root.attributes.has('reboot_on_exit'),
    isIdling: root.attributes.has('idle_on_exit'),
    hasSelfExe: root.find('/proc/self/exe') !== undefined,
    programFault: findFault(root, program),
  };
}

/** Sentences on what the image leaves out that a node counts on. */
export function imageNotes({ share, otherMounts, hasExpectedCode, isRebooting }: ImageFacts): readonly string[] {
  const notes = [];
  if (share === undefined) notes.push(`The image mounts no \`%0\`${otherMounts.length === 0 ? '' : ` (only ${otherMounts.join(', ')})`}, so a node's share, and this workspace, appears nowhere.`);
  if (hasExpectedCode) notes.push('The image has `expected_exit_code`: the codes that it names arrive as 0.');
  if (isRebooting) notes.push('The image has `RebootOnExit`: a node would run the task again and again; here the VM ends where it would start again.');
  return notes;
}

/** Headers lie at the beginning: the first piece is enough to tell. */
function findFault(root: DiskImage['root'], program: string): string | undefined {
  const path = root.resolve(program);
  if (path === undefined || root.find(path)?.kind !== 'file') return undefined;
  const [head = new Uint8Array()] = root.readFile(path);
  if (!isElf(head)) return 'it is not an ELF file, and Nanos runs no scripts';
  try {
    const { machine, class: bits } = readElf({ sizeBytes: head.length, read: (offset, length) => head.subarray(offset, offset + length) });
    return machine === 'x86_64' && bits === 64 ? undefined : `it is built for ${machine}${bits === 32 ? ' (32 bit)' : ''}`;
  } catch (error) {
    // what it needs lies further on
    return head.length < 1024 * 1024 ? errorMessageOf(error) : undefined;
  }
}
