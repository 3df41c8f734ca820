import { readFileSync } from 'node:fs';
import { type TomlTable, type TomlValue, TomlError, parse } from 'smol-toml';

/** Something in a `Cargo.toml` that keeps the graph from being whole. Data, never thrown: the Nx task reports it. */
export interface CrateProblem {
  /** Absolute path of the `Cargo.toml`. */
  readonly path: string;
  readonly message: string;
  /** 1-based. */
  readonly line?: number;
  readonly column?: number;
}

/** One `Cargo.toml` as data. After a syntax error the table holds what could still be read. */
export interface CargoToml {
  readonly path: string;
  readonly table: TomlTable;
  readonly problem: CrateProblem | undefined;
}

/** Reads a `Cargo.toml`; undefined when there is none. */
export function readCargoToml(path: string): CargoToml | undefined {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (isAbsent(error)) return undefined;
    return { path, table: {}, problem: { path, message: `could not be read: ${String(error)}` } };
  }
  return parseCargoToml(path, text);
}

/** Parses the text of a `Cargo.toml`, half-typed or not. */
export function parseCargoToml(path: string, text: string): CargoToml {
  try {
    return { path, table: parse(text), problem: undefined };
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const { line, column } = error;
    return { path, table: salvage(text), problem: { path, message: firstLine(error.message), line, column } };
  }
}

/** The value as a table; an empty one for anything else, since a half-typed file may hold anything. */
export function asTable(value: TomlValue | undefined): TomlTable {
  return typeof value === 'object' && !Array.isArray(value) && !(value instanceof Date) ? value : NOTHING;
}

const NOTHING: TomlTable = {};

export function asString(value: TomlValue | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

export function asStrings(value: TomlValue | undefined): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

/** What is readable of a broken file: each table that parses by itself, and of those that do not, each line that does. */
function salvage(text: string): TomlTable {
  const kept: string[] = [];
  for (const section of text.split(/^(?=\s*\[)/m)) {
    if (parses([...kept, section])) {
      kept.push(section);
      continue;
    }
    const [header = '', ...lines] = section.split('\n');
    if (!parses([...kept, header])) continue;
    kept.push(header);
    for (const line of lines) if (parses([...kept, line])) kept.push(line);
  }
  return parse(kept.join('\n'));
}

function parses(pieces: readonly string[]): boolean {
  try {
    parse(pieces.join('\n'));
    return true;
  } catch (error) {
    if (error instanceof TomlError) return false;
    throw error;
  }
}

function firstLine(text: string): string {
  return (text.split('\n')[0] ?? '').replace(/^Invalid TOML document: /, '');
}

function isAbsent(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
}
