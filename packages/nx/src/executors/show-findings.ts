import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Finding } from 'package-vm';

export interface ShowFindingsOptions {
  /** The Nx workspace, absolute: the places of findings are relative to it. */
  readonly root: string;
  /** A build says its notes in its result file; a check is there for them. Default true. */
  readonly withNotes?: boolean;
}

/** Prints findings on standard error, each with its line of the source. Without colours: Nx keeps what is printed, and replays it. */
export async function showFindings(findings: readonly Finding[], { root, withNotes = true }: ShowFindingsOptions): Promise<void> {
  const show = await import('package-vm');
  const plain = (text: string | number | null | undefined): string => String(text);
  const sink = {
    note: (line: string) => {
      console.error(line);
    },
    colors: { cyan: plain, dim: plain, red: plain, yellow: plain },
  };
  show.showFindings(findings, sink, { showNotes: withNotes, textOf: (file) => textOf(join(root, file)) });
}

/** The text of a file, where there is one: a place may also be in a bundle, or in a file that is made later. */
function textOf(path: string): string | undefined {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true ? readFileSync(path, 'utf8') : undefined;
}
