import { PackageVmError } from '@package-vm/errors';
import { type TreeEntry } from '../tree.js';
import { NAME_MAX_BYTES, PATH_MAX_BYTES, PATH_MAX_NAMES } from './layout.js';

/**
 * Refuses an entry that no file system of Nanos can hold.
 *
 * @throws PVM_BAD_TREE
 */
export function checkEntry(entry: TreeEntry): void {
  const { path } = entry;
  if (!path.startsWith('/')) throw badTree(`Path ${quote(path)} is not absolute`);
  checkText(path, 'Path');
  const names = path.slice(1).split('/');
  if (names.length > PATH_MAX_NAMES) throw badTree(`Path ${quote(path)} has ${names.length} names, expected at most ${PATH_MAX_NAMES}`);
  for (const name of names) {
    if (name === '') throw badTree(`Path ${quote(path)} has an empty name`);
    if (name === '.' || name === '..') throw badTree(`Path ${quote(path)} has the name \`${name}\`, expected names of files and folders`);
    const length = Buffer.byteLength(name);
    if (length > NAME_MAX_BYTES) throw badTree(`Path ${quote(path)} has a name of ${length} bytes, expected at most ${NAME_MAX_BYTES}`);
  }
  if (entry.kind === 'link') {
    if (entry.target === '') throw badTree(`Link ${quote(path)} has an empty target`);
    checkText(entry.target, `Target of link ${quote(path)},`);
  }
  if (entry.kind === 'file' && (!Number.isSafeInteger(entry.sizeBytes) || entry.sizeBytes < 0 || !/^[0-9a-f]{64}$/.test(entry.sha256))) {
    throw new RangeError(`File ${quote(path)} has the size ${entry.sizeBytes} and the SHA-256 ${quote(entry.sha256)}`);
  }
}

export function badTree(message: string): PackageVmError {
  return new PackageVmError('PVM_BAD_TREE', message);
}

function checkText(text: string, name: string): void {
  if (text.includes('\0')) throw badTree(`${name} ${quote(text)} has a NUL`);
  if (/\p{Surrogate}/u.test(text)) throw badTree(`${name} ${quote(text)} has half a surrogate pair, which UTF-8 cannot hold`);
  const length = Buffer.byteLength(text);
  if (length > PATH_MAX_BYTES) throw badTree(`${name} ${quote(text)} has ${length} bytes, expected at most ${PATH_MAX_BYTES}`);
}

function quote(text: string): string {
  const quoted = JSON.stringify(text).slice(1, -1);
  return `\`${quoted.length > 80 ? `${quoted.slice(0, 79)}…` : quoted}\``;
}
