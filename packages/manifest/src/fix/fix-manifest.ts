import { checkManifest } from '../check-manifest.js';
import { type Change, type Finding, type Keys, inFileOrder } from '../finding.js';
import { originOf } from '../origin.js';
import { parseWithSource } from '../parse-manifest.js';
import { type CheckOptions } from '../rules/check.js';
import { NodeIndex } from '../syntax/node-index.js';
import { countLeading } from '../syntax/count-leading.js';
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

/** Changes that touch each other wait for the next pass, mostly half of them: that many do for any text. */
const MAX_PASSES = 30;
/** One fix may make room for the next; and after so many rounds without those that others came of, none is made. */
const MAX_ROUNDS = 5;

/**
 * Puts right what can be, by edits of the text: comments, order and indentation stay. Doing it again changes nothing. What is safe adds no finding: a
 * change that would is left out. A text that is no JSON stays as it is unless all of it can be mended, since what is clear by itself may not be what was
 * meant by the whole.
 */
export function fixManifest(text: string, options: FixOptions): FixedManifest {
  const mended = fixSyntax(text, options.file);
  const start = draftOf(mended?.text ?? text, options);
  if (mended === undefined || !isJson(start)) return { text, fixed: [], findings: draftOf(text, options).findings };
  const fixed = [...mended.fixed];
  let draft = start;
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const next = fixWithoutAdding(draft, options);
    draft = next.draft;
    if (next.fixed.length === 0) break;
    for (const item of next.fixed) fixed.push(item);
  }
  return { text: draft.layout.text, fixed, findings: draft.findings };
}

interface Fixed {
  readonly draft: CheckedDraft;
  readonly fixed: readonly Finding[];
}

/** All fixes but those of which others come, unless the likely ones are made too, which are for somebody to look at. */
function fixWithoutAdding(start: CheckedDraft, options: FixOptions): Fixed {
  const { isWanted = () => true } = options;
  const leftOut = new Set<string>();
  for (let round = 1; ; round += 1) {
    const made = fixInPasses(start, options, (finding) => isWanted(finding) && !leftOut.has(nameOf(finding)));
    const added = options.scope === 'all' ? [] : addedFindings(made.draft.findings, start.findings);
    if (added.length === 0) return made;
    for (const culprit of round < MAX_ROUNDS ? culpritsOf(added, made.fixed) : made.fixed) leftOut.add(nameOf(culprit));
  }
}

/** The text with the fixes of some findings on it made; those that touch each other's are left out. */
export function applyFixes(text: string, findings: readonly Finding[], options: CheckOptions): { readonly text: string; readonly fixed: readonly Finding[] } {
  const { edits, done } = collectEdits(findings, draftOf(text, options));
  return { text: applyEdits(text, edits), fixed: done };
}

/** A text with what is found in it, and what is needed to change it. */
interface CheckedDraft extends Draft {
  readonly findings: readonly Finding[];
}

function draftOf(text: string, options: CheckOptions): CheckedDraft {
  const { source, manifest, findings } = parseWithSource(text, options);
  return {
    index: source && new NodeIndex(source.root),
    layout: new Layout(text),
    written: (keys: Keys) => (manifest === undefined ? keys : originOf(manifest, options.file).written(keys)),
    findings: manifest === undefined ? findings : inFileOrder([...findings, ...checkManifest(manifest, options)]),
  };
}

function isJson({ findings }: CheckedDraft): boolean {
  return findings.every(({ code }) => code !== 'syntax');
}

function fixInPasses(start: CheckedDraft, options: FixOptions, isWanted: (finding: Finding) => boolean): Fixed {
  const fixed: Finding[] = [];
  let draft = start;
  for (let pass = 0; pass < MAX_PASSES; pass += 1) {
    const candidates = draft.findings.filter((finding) => finding.fix !== undefined && (finding.fix.isSafe || options.scope === 'all') && isWanted(finding));
    const { edits, done } = collectEdits(candidates, draft);
    if (edits.length === 0) break;
    draft = draftOf(applyEdits(draft.layout.text, edits), options);
    for (const item of done) fixed.push(item);
  }
  return { draft, fixed };
}

/** The edits of all fixes that do not touch each other's, first come first served. */
function collectEdits(candidates: readonly Finding[], draft: Draft): { edits: readonly TextEdit[]; done: Finding[] } {
  const taken: TextEdit[] = [];
  const done: Finding[] = [];
  const made = new Set<string>();
  for (const finding of candidates) {
    const perChange = finding.fix?.changes.map((change) => editsOfChange(change, draft, made));
    const edits = perChange?.flatMap((own) => own ?? []) ?? [];
    if (edits.length === 0 || perChange?.includes(undefined) === true || overlap(edits) || edits.some((edit) => touches(taken, edit))) continue;
    for (const edit of edits) taken.splice(positionOf(taken, edit), 0, edit);
    done.push(finding);
  }
  return { edits: taken, done };
}

/** Where an edit belongs among sorted ones. */
function positionOf(sorted: readonly TextEdit[], edit: TextEdit): number {
  return countLeading(sorted, ({ start }) => start < edit.start);
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

function nameOf({ code, place }: Finding): string {
  return JSON.stringify([code, place.keys]);
}

/** Findings of a code of which there are more than before: those that were not there, where they can be told. */
function addedFindings(after: readonly Finding[], before: readonly Finding[]): readonly Finding[] {
  const names = new Set(before.map(nameOf));
  const surplus = new Map<string, number>();
  for (const { code } of after) surplus.set(code, (surplus.get(code) ?? 0) + 1);
  for (const { code } of before) surplus.set(code, (surplus.get(code) ?? 0) - 1);
  const added = after.filter(({ code }) => (surplus.get(code) ?? 0) > 0);
  const isNew = added.filter((finding) => !names.has(nameOf(finding)));
  return isNew.length > 0 ? isNew : added;
}

/** Of the findings that were put right those that others came of: about the same path or one in it, and what took away something there; else all. */
function culpritsOf(added: readonly Finding[], fixed: readonly Finding[]): readonly Finding[] {
  const isWithin = (keys: Keys, around: Keys): boolean => around.every((key, index) => key === keys[index]);
  const isCulprit = (change: Change, { place: { keys = [] } }: Finding): boolean =>
    isWithin(keys, targetOf(change)) || (change.kind === 'remove' && isWithin(change.keys, keys));
  const culprits = fixed.filter(({ fix }) => fix?.changes.some((change) => added.some((finding) => isCulprit(change, finding))));
  return culprits.length > 0 ? culprits : fixed;
}

/** The path that has a value when a change is made. */
function targetOf(change: Change): Keys {
  if (change.kind === 'replace') return [];
  if (change.kind === 'move') return change.to;
  return change.kind === 'rename' ? [...change.keys.slice(0, -1), change.to] : change.keys;
}
