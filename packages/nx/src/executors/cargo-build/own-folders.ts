import { readFileSync } from 'node:fs';

/** Those of the folders (absolute) whose paths stand in a file: paths of sources are mapped, texts such as `env!("CARGO_MANIFEST_DIR")` are not. */
export function foldersIn(file: string, folders: readonly string[]): readonly string[] {
  const bytes = readFileSync(file);
  return [...new Set(folders)].filter((folder) => holds(bytes, folder));
}

/** A folder by itself, not as the start of another's name. */
function holds(bytes: Buffer, folder: string): boolean {
  for (let at = bytes.indexOf(folder); at !== -1; at = bytes.indexOf(folder, at + 1)) {
    if (!/[\w.-]/.test(String.fromCharCode(bytes[at + Buffer.byteLength(folder)] ?? 0))) return true;
  }
  return false;
}

/** Warns of a program that is another one in another clone. */
export function showOwnFolders(file: string, folders: readonly string[]): void {
  if (foldersIn(file, folders).length === 0) return;
  // the path itself would be replayed in other clones
  console.error('warning machine-folder: The program holds the path of its own crate, as by `env!("CARGO_MANIFEST_DIR")`: built in another folder it has other bytes, and a clone that takes it from the cache finds nothing there');
}
