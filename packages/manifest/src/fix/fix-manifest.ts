import { checkManifest } from '../check-manifest.js';
import { type Change, type Finding, type Keys } from '../finding.js';
import { originOf } from '../origin.js';
import { parseManifest } from '../parse-manifest.js';
import { readDocument } from '../read-document.js';
import { type CheckOptions } from '../rules/check.js';
import { NodeIndex } from '../syntax/node-index.js';
import { type TextEdit, applyEdits } from '../syntax/text-edit.js';
import { type Draft, editsOfChange } from './edits-of-change.js';
import { fixSyntax } from './fix-syntax.js';
import { Layout } from './layout.js';

export interface FixOptions extends CheckOptions {
  /** `safe`: only changes that are beyond doubt; `all`: also those that are probably right. */
  readonly scope: 'safe' | 'all';
  /** Findings that are to be left as they are: not wanted. */
  readonly isWanted?: (finding: Finding) => boolean;
}

export interface FixedManifest {
  readonly text: string;
  /** What was put right, in the order in which it was. */
  readonly fixed: readonly Finding[];
  /** What is left. */
  readonly findings: readonly Finding[];
}

/** Changes that touch each other wait for the next pass; a few passes do for all but the strangest of texts. */
const MAX_PASSES = 10;

/**
 * Puts right what can be, by edits of the text: comments, order and indentation stay. Doing it again changes nothing, and nothing that was right
 * becomes a finding. A text that is no JSON, in a way of which it is not clear what was meant, is only mended where that is clear.
 */
export function fixManifest(text: string, options: FixOptions): FixedManifest {
  const before = findingsOf(text, options);
  const { isWanted = () => true } = options;
  const fixed = fixInPasses(text, options, isWanted);
  if (options.scope === 'all' || isPartOf(fixed.findings, before)) return fixed;
  // a key put right may have a value that is not: then it stays as it is
  return fixInPasses(text, options, (finding) => isWanted(finding) && finding.code !== 'misspelt-passthrough-key' && finding.code !== 'presence-flag');
}

/** The text with the fixes of some findings on it made; those that touch each other's are left out. */
export function applyFixes(text: string, findings: readonly Finding[], options: CheckOptions): { readonly text: string; readonly fixed: readonly Finding[] } {
  const { edits, done } = collectEdits(text, findings, options);
  return { text: applyEdits(text, edits), fixed: done };
}

function fixInPasses(start: string, options: FixOptions, isWanted: (finding: Finding) => boolean): FixedManifest {
  const mended = fixSyntax(start, options.file);
  const fixed = [...mended.fixed];
  let { text } = mended;
  for (let pass = 0; pass < MAX_PASSES; pass += 1) {
    const findings = findingsOf(text, options);
    const isJson = findings.every(({ code }) => code !== 'syntax');
    const candidates = findings.filter((finding) => isJson && finding.fix !== undefined && (finding.fix.isSafe || options.scope === 'all') && isWanted(finding));
    const { edits, done } = collectEdits(text, candidates, options);
    if (edits.length === 0) return { text, fixed, findings };
    text = applyEdits(text, edits);
    for (const item of done) fixed.push(item);
  }
  return { text, fixed, findings: findingsOf(text, options) };
}

function findingsOf(text: string, options: CheckOptions): readonly Finding[] {
  const { manifest, findings } = parseManifest(text, options);
  return manifest === undefined ? findings : [...findings, ...checkManifest(manifest, options)];
}

/** The edits of all fixes that do not touch each other's, first come first served. */
function collectEdits(text: string, candidates: readonly Finding[], options: CheckOptions): { edits: readonly TextEdit[]; done: Finding[] } {
  const draft = draftOf(text, options);
  const taken: TextEdit[] = [];
  const done: Finding[] = [];
  for (const finding of draft === undefined ? [] : candidates) {
    const perChange = finding.fix?.changes.map((change: Change) => draft && editsOfChange(change, draft));
    const edits = perChange?.flatMap((made) => made ?? []) ?? [];
    if (edits.length === 0 || perChange?.includes(undefined) === true || overlap(edits) || edits.some((edit) => touches(taken, edit))) continue;
    for (const edit of edits) taken.splice(positionOf(taken, edit), 0, edit);
    done.push(finding);
  }
  return { edits: taken, done };
}

function draftOf(text: string, { file }: CheckOptions): Draft | undefined {
  const { source } = readDocument(text, file);
  const { manifest } = parseManifest(text, { file });
  if (source === undefined || manifest === undefined) return undefined;
  return { index: new NodeIndex(source.root), layout: new Layout(text), written: (keys: Keys) => originOf(manifest, file).written(keys), made: new Set() };
}

/** Where an edit belongs among sorted ones, by halving. */
function positionOf(sorted: readonly TextEdit[], { start }: TextEdit): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle]?.start ?? Infinity) < start) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Whether edits of one finding stand in each other's way. */
function overlap(edits: readonly TextEdit[]): boolean {
  const sorted = edits.toSorted((a, b) => a.start - b.start);
  return sorted.some(({ start }, index) => start < (sorted[index - 1]?.end ?? 0));
}

/** Whether an edit overlaps one of the others, or adds something where another ends. */
function touches(sorted: readonly TextEdit[], edit: TextEdit): boolean {
  const position = positionOf(sorted, edit);
  const isAddition = ({ start, end }: TextEdit): boolean => start === end;
  return [sorted[position - 1], sorted[position]].some((other) => {
    if (other === undefined) return false;
    const gap = other.start < edit.start ? edit.start - other.end : other.start - edit.end;
    return gap < 0 || (gap === 0 && (isAddition(other) || isAddition(edit)));
  });
}

function isPartOf(after: readonly Finding[], before: readonly Finding[]): boolean {
  const known = new Set(before.map(({ code }) => code));
  return after.every(({ code }) => known.has(code));
}
