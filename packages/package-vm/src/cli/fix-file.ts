import { type Finding } from '@package-vm/manifest';
import { type FixOptions } from '@package-vm/manifest/fix';
import { readFileSync } from 'node:fs';
import { replaceFile } from '../host-files/replace-file.js';

export interface FileFix {
  readonly before: string;
  readonly after: string;
  readonly fixed: readonly Finding[];
}

/** What fixing a manifest would make of it; nothing is written. */
export async function planFix(path: string, options: FixOptions): Promise<FileFix> {
  const { fixManifest } = await import('@package-vm/manifest/fix');
  const before = readFileSync(path, 'utf8');
  const { text, fixed } = fixManifest(before, options);
  return { before, after: text, fixed };
}

/** Writes what {@link planFix} gave, unless the file is no longer what was read. @throws PVM_FILE_CHANGED, PVM_WRITE_FAILED */
export function writeFix(path: string, { before, after }: FileFix): void {
  if (before !== after) replaceFile(path, { expected: before, text: after });
}

/** A change as a diff with three lines around it. */
export async function formatDiff(file: string, { before, after }: FileFix): Promise<string> {
  const { createTwoFilesPatch } = await import('diff');
  const patch = createTwoFilesPatch(`a/${file}`, `b/${file}`, before, after, undefined, undefined, { context: 3 });
  return `${patch.replace(/^=+\n/, '').trimEnd()}\n`;
}
