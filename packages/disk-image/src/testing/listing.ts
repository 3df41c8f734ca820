import { createHash } from 'node:crypto';
import { type FileSystem } from '../tfs/open-file-system.js';
import { type GoldenEntry } from './golden.js';

/** All entries of a file system as the golden cases list them, each file read. */
export function listing(fileSystem: FileSystem): GoldenEntry[] {
  return fileSystem.entries.map((entry) => {
    if (entry.kind !== 'file') return entry;
    const hash = createHash('sha256');
    for (const chunk of fileSystem.readFile(entry.path)) hash.update(chunk);
    return { path: entry.path, kind: 'file', size: entry.sizeBytes, sha256: hash.digest('hex') };
  });
}
