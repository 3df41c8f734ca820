import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { Header, type HeaderData } from 'tar';

/** The files of a release that exists only in specs. */
export const releaseFiles: Readonly<Record<string, string>> = {
  'boot.img': 'b'.repeat(512),
  'kernel.img': 'kernel of a release that does not exist\n'.repeat(5000),
  'klibs/ntp': 'ntp',
  'klibs/tls': 'tls',
};

export interface TarEntry {
  readonly path: string;
  readonly type?: HeaderData['type'];
  readonly linkpath?: string;
  readonly content?: string;
  /** The size that the header states; default: that of the content. */
  readonly size?: number;
}

/** A tar archive of any entries, also of those that no tar would write. */
export function tarOf(entries: readonly TarEntry[]): Buffer {
  const blocks = entries.flatMap(({ path, type = 'File', linkpath, content = '', size = content.length }) => {
    const header = new Header({ path, type, size, mode: 0o644, mtime: new Date(0), ...(linkpath === undefined ? {} : { linkpath }) });
    const block = Buffer.alloc(512);
    header.encode(block);
    const body = Buffer.alloc(Math.ceil(content.length / 512) * 512);
    body.write(content);
    return [block, body];
  });
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}

/** The entries of an archive as upstream makes it (`tar -czf … *`), with a UEFI loader that is no part of a release of ours. */
export function releaseEntries(files: Readonly<Record<string, string>> = releaseFiles): readonly TarEntry[] {
  return [
    ...Object.entries(files).map(([path, content]) => ({ path, content })),
    { path: 'klibs', type: 'Directory' },
    { path: 'bootx64.efi', content: 'MZ' },
  ];
}

export function archiveOf(entries: readonly TarEntry[] = releaseEntries()): Buffer {
  return gzipSync(tarOf(entries));
}

export function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}
