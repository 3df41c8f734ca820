import { type Finding, type Keys, type Place } from '@package-vm/manifest';
import { type AST } from 'toml-eslint-parser';

/** Findings about the key itself; others are about its value. */
const ABOUT_KEYS = new Set(['unknown-key', 'not-supported']);

/**
 * Findings on settings with their lines and columns. `textOf` gives the text of a file that a finding names. A `Cargo.toml` that is no TOML keeps the
 * places that it has.
 */
export async function placeSettings(findings: readonly Finding[], textOf: (file: string) => string | undefined): Promise<readonly Finding[]> {
  const isMissing = ({ place }: Finding): boolean => place.line === undefined && place.keys !== undefined && place.file.endsWith('Cargo.toml');
  if (!findings.some(isMissing)) return findings;
  const { parseTOML } = await import('toml-eslint-parser');
  const documents = new Map<string, AST.TOMLProgram | undefined>();
  return findings.map((finding) => {
    const { place, code } = finding;
    if (!isMissing(finding)) return finding;
    if (!documents.has(place.file)) documents.set(place.file, tryParse(parseTOML, textOf(place.file)));
    const document = documents.get(place.file);
    return document === undefined ? finding : { ...finding, place: placeIn(document, place, ABOUT_KEYS.has(code)) };
  });
}

function tryParse(parse: (text: string) => AST.TOMLProgram, text: string | undefined): AST.TOMLProgram | undefined {
  try {
    return text === undefined ? undefined : parse(text);
  } catch (error) {
    // the finding that says so is there
    if (typeof error === 'object' && error !== null && 'lineNumber' in error) return undefined;
    throw error;
  }
}

interface Span {
  readonly keys: Keys;
  readonly key: AST.SourceLocation;
  readonly value: AST.SourceLocation;
}

/** A place with the lines of the longest part of its path that the document has. */
function placeIn(document: AST.TOMLProgram, place: Place, isAboutKey: boolean): Place {
  const wanted = place.keys ?? [];
  const spans = document.body[0].body.flatMap((node) => spansOf(node, []));
  const best = spans.filter(({ keys }) => keys.length <= wanted.length && keys.every((key, index) => key === wanted[index])).reduce<Span | undefined>(longer, undefined);
  if (best === undefined) return place;
  const { start, end } = isAboutKey || best.keys.length < wanted.length ? best.key : best.value;
  return { ...place, line: start.line, column: start.column + 1, endLine: end.line, endColumn: end.column + 1 };
}

function longer(best: Span | undefined, span: Span): Span {
  return best === undefined || span.keys.length > best.keys.length ? span : best;
}

function spansOf(node: AST.TOMLTable | AST.TOMLKeyValue, around: Keys): readonly Span[] {
  if (node.type === 'TOMLTable') {
    // the header stands for the table: its content may be anywhere
    const own = { keys: node.resolvedKey, key: node.key.loc, value: node.key.loc };
    return [own, ...node.body.flatMap((member) => spansOf(member, node.resolvedKey))];
  }
  const keys = [...around, ...node.key.keys.map((key) => (key.type === 'TOMLBare' ? key.name : key.value))];
  return [{ keys, key: node.key.loc, value: node.value.loc }, ...valueSpans(node.value, keys)];
}

function valueSpans(value: AST.TOMLContentNode, keys: Keys): readonly Span[] {
  if (value.type === 'TOMLInlineTable') return value.body.flatMap((member) => spansOf(member, keys));
  if (value.type !== 'TOMLArray') return [];
  return value.elements.flatMap((element, index) => [{ keys: [...keys, index], key: element.loc, value: element.loc }, ...valueSpans(element, [...keys, index])]);
}
