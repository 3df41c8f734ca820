import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { digestFile } from '../../host-files/digest-file.js';
import { type NanosRelease } from '../../nanos-release/nanos-release.js';

/** A made-up release in a folder: a boot loader without code, a kernel and klibs that are none. */
export function testRelease(folder: string, klibs: Readonly<Record<string, string>> = {}): NanosRelease {
  mkdirSync(join(folder, 'klibs'), { recursive: true });
  const bootLoader = Buffer.alloc(512);
  bootLoader.writeUInt16LE(0xaa55, 510);
  const files = [['boot.img', bootLoader], ['kernel.img', Buffer.from('no kernel')], ...Object.entries(klibs).map(([name, text]) => [`klibs/${name}`, Buffer.from(text)])] as [string, Buffer][];
  return {
    version: '0.1.54',
    origin: 'folder',
    isLocked: true,
    isPlaceholder: false,
    files: files.map(([name, bytes]) => {
      const hostPath = join(folder, name);
      writeFileSync(hostPath, bytes);
      const { sizeBytes, sha256 } = digestFile(hostPath);
      return { name, hostPath, sizeBytes, sha256 };
    }),
  };
}
