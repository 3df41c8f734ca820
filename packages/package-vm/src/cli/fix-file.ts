import { printableLines } from '@package-vm/errors';
import { type Finding, decodeText, maskSecrets } from '@package-vm/manifest';
import { type FixOptions } from '@package-vm/manifest/fix';
import { readManifest } from '../host-files/read-manifest.js';
import { replaceFile } from '../host-files/replace-file.js';

export interface FileFix {
  readonly path: string;
  /** What the file was made of. */
  readonly bytes: Uint8Array;
  readonly before: string;
  readonly after: string;
  readonly fixed: readonly Finding[];
}

/** What fixing a manifest would make of it; nothing is written. What is no UTF-8 is left as it is: its text is not known. @throws PVM_NO_MANIFEST */
export async function planFix(path: string, options: FixOptions): Promise<FileFix> {
  const { fixManifest } = await import('@package-vm/manifest/fix');
  const bytes = readManifest(path);
  const { text: before, problem } = decodeText(bytes);
  if (problem !== undefined) return { path, bytes, before, after: before, fixed: [] };
  const { text, fixed } = fixManifest(before, options);
  return { path, bytes, before, after: text, fixed };
}

/** Writes what {@link planFix} gave, unless the file is no longer what was read. @throws PVM_FILE_CHANGED, PVM_WRITE_FAILED */
export function writeFix({ path, bytes, before, after }: FileFix): void {
  if (before !== after) replaceFile(path, { expected: bytes, text: after });
}

/** A change as a diff with three lines around it, with `*` for what may be a secret. */
export async function formatDiff(file: string, { before, after }: FileFix): Promise<string> {
  const { createTwoFilesPatch } = await import('diff');
  const patch = createTwoFilesPatch(`a/${file}`, `b/${file}`, maskSecrets(before), maskSecrets(after), undefined, undefined, { context: 3 });
  return `${printableLines(patch.replace(/^=+\n/, '').trimEnd())}\n`;
}
