import { digestBytes } from '../host-files/digest-file.js';
import { type PlannedEntry, type PlannedFile } from './plan.js';

/** A file whose bytes we make. */
export function literalFile(path: string, text: string): PlannedFile {
  const bytes = new TextEncoder().encode(text);
  const { sizeBytes, sha256 } = digestBytes(bytes);
  return { kind: 'file', path, sizeBytes, sha256, content: { bytes }, origin: 'package-vm' };
}

const DEFAULT_NAME_SERVERS = ['8.8.8.8'];

/** What ops adds to every image, byte for byte (ops lepton/image.go: addPasswd, addDNSConfig with its two blanks, addHostName). */
export function systemFiles(nameServers: readonly string[] | undefined): readonly PlannedFile[] {
  const servers = nameServers === undefined || nameServers.length === 0 ? DEFAULT_NAME_SERVERS : nameServers;
  return [
    literalFile('/etc/passwd', 'root:x:0:0:root:/root:/bin/nobash'),
    literalFile('/etc/resolv.conf', servers.map((server) => `nameserver  ${server}\n`).join('')),
    literalFile('/proc/sys/kernel/hostname', 'uniboot'),
  ];
}

/**
 * The kernel makes this link at the first boot, unless it is there: with it a run leaves the image untouched
 * (nanos src/unix/special.c, register_special_files).
 */
export function selfLink(programPath: string): PlannedEntry {
  return { kind: 'link', path: '/proc/self/exe', target: programPath };
}

/** Files that the kernel makes itself and asserts to be absent (nanos src/unix/special.c). */
const KERNEL_FILES = [
  '/dev/null',
  '/dev/urandom',
  '/proc/meminfo',
  '/proc/mounts',
  '/proc/self/exe',
  '/proc/self/maps',
  '/sys/devices/system/cpu/cpu0',
  '/sys/devices/system/cpu/online',
];

/** The kernel's own file that an entry stands in the way of: the same path, or below or above where only a folder can be. */
export function kernelFileAt({ path, kind }: PlannedEntry): string | undefined {
  return KERNEL_FILES.find((file) => path === file || path.startsWith(`${file}/`) || (kind !== 'directory' && file.startsWith(`${path}/`)));
}

/** Whether a path leads to something the kernel provides. */
export function isKernelFile(path: string): boolean {
  return KERNEL_FILES.includes(path);
}
