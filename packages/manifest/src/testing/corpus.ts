import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Finding, type Platform } from '../index.js';

/** A manifest written for the purpose, with what is to be found in it. */
export interface CorpusManifest {
  readonly title: string;
  readonly text: string;
  readonly platform: Platform;
  /** One a line, as {@link findingLine} writes them. */
  readonly expected: readonly string[];
}

const FOLDER = join(import.meta.dirname, 'corpus');

/** All manifests of `corpus/`: each begins with a line `=== title`, and ends before a line `---`, behind which the findings are. */
export function readCorpus(): readonly CorpusManifest[] {
  return readdirSync(FOLDER)
    .sort()
    .flatMap((name) => readFileSync(join(FOLDER, name), 'utf8').split(/^=== /m).slice(1))
    .map((block) => {
      const title = block.slice(0, block.indexOf('\n'));
      const end = block.lastIndexOf('\n---\n');
      const expected = block.slice(end + '\n---\n'.length).split('\n').filter((line) => line !== '');
      return { title, text: block.slice(title.length + 1, end), platform: title.endsWith('[nanos]') ? 'nanos' : 'gevulot', expected };
    });
}

export function findingLine({ place, severity, code }: Finding): string {
  return `${place.line}:${place.column} ${severity} ${code}`;
}
