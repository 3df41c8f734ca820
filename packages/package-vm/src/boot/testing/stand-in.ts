import { createHash } from 'node:crypto';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type FileEntry, type Value, layOutImage } from '@package-vm/disk-image';

export interface TestImage {
  readonly program?: Uint8Array;
  readonly attributes?: Readonly<Record<string, Value>>;
  readonly hasSelfExe?: boolean;
  /** Guest path → target. */
  readonly links?: Readonly<Record<string, string>>;
}

const SOUND: Readonly<Record<string, Value>> = { program: '/p', readonly_rootfs: 't', debug_exit: 't', mounts: new Map([['%0', '/workspace']]) };

/** An image with a boot loader that is none, enough for a QEMU that is none. Attributes replace the usual ones. */
export function makeTestImage(path: string, { program = Buffer.from('no program'), attributes = SOUND, hasSelfExe = true, links = {} }: TestImage = {}): string {
  const bootLoader = Buffer.alloc(1024);
  bootLoader.writeBigUint64LE(0x8000n, 426);
  bootLoader.writeBigUint64LE(512n, 434);
  bootLoader.writeUint32LE(12, 442);
  bootLoader.writeUint16LE(0xaa55, 510);
  const entry: FileEntry = { kind: 'file', path: '/p', sizeBytes: program.length, sha256: createHash('sha256').update(program).digest('hex') };
  const { sizeBytes, segments } = layOutImage({
    bootLoader, bootFiles: [], freeBytes: 0,
    entries: [entry, { kind: 'directory', path: '/workspace' }, ...Object.entries({ ...(hasSelfExe ? { '/proc/self/exe': '/p' } : {}), ...links }).map(([link, target]) => ({ kind: 'link', path: link, target }) as const)],
    attributes: new Map(Object.entries(attributes)),
  });
  const image = Buffer.alloc(sizeBytes);
  for (const segment of segments) if (segment.kind !== 'zeros') image.set(segment.kind === 'bytes' ? segment.bytes : program, segment.offset);
  writeFileSync(path, image);
  return path;
}

/**
 * A shell script in the place of QEMU; `$@` are QEMU's arguments, and `$workspace` is the shared folder. Another script in the same
 * folder is the same QEMU, as far as it can be told.
 */
export function standInQemu(folder: string, script: string): string {
  const path = join(folder, 'qemu-stand-in');
  const workspace = `workspace=$(for word; do case $word in local,path=*) word=\${word#local,path=}; echo "\${word%%,mount_tag=*}" ;; esac; done)`;
  if (!existsSync(path)) writeFileSync(path, `#!/bin/sh\n[ "$1" = --version ] && echo 'QEMU emulator version 0 (stand-in)' && exit\n${workspace}\n. "${path}.script"\n`, { mode: 0o755 });
  writeFileSync(`${path}.script`, script);
  return path;
}
