import { PackageVmError } from '@package-vm/errors';
import { isWorkspaceMember } from 'package-vm/light';
import { type AST, parseTOML } from 'toml-eslint-parser';

/**
 * The text of a workspace's `Cargo.toml` with one more member; everything else stays as it is, to the byte. The same text when
 * the member is there already, by name or by a pattern.
 *
 * @throws PVM_BAD_CARGO_MANIFEST when the text is no TOML
 */
export function addWorkspaceMember(text: string, member: string, file = 'Cargo.toml'): string {
  const { body } = parse(text, file).body[0];
  const members = find(body, ['workspace', 'members']);
  if (members?.type === 'TOMLArray') {
    const listed = members.elements.flatMap((element) => (element.type === 'TOMLValue' && typeof element.value === 'string' ? [element.value] : []));
    return listed.some((pattern) => isWorkspaceMember(pattern, member)) ? text : appendElement(text, members, JSON.stringify(member));
  }
  const line = `members = [${JSON.stringify(member)}]\n`;
  const header = body.find((entry): entry is AST.TOMLTable => entry.type === 'TOMLTable' && entry.resolvedKey.join('.') === 'workspace');
  if (header === undefined) return `${text}${text === '' || text.endsWith('\n') ? '' : '\n'}${text.trim() === '' ? '' : '\n'}[workspace]\n${line}`;
  const end = lineEnd(text, header.key.range[1]);
  return `${text.slice(0, end)}${text.slice(0, end).endsWith('\n') ? '' : '\n'}${line}${text.slice(end)}`;
}

function parse(text: string, file: string): AST.TOMLProgram {
  try {
    return parseTOML(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new PackageVmError('PVM_BAD_CARGO_MANIFEST', `\`${file}\` is no TOML: ${error.message}`, { cause: error });
  }
}

function find(body: AST.TOMLTopLevelTable['body'], path: readonly string[]): AST.TOMLContentNode | undefined {
  for (const entry of body) {
    const [prefix, pairs] = entry.type === 'TOMLTable' ? [entry.resolvedKey, entry.body] : [[], [entry]];
    for (const { key, value } of pairs) {
      const names = key.keys.map((name) => (name.type === 'TOMLBare' ? name.name : name.value));
      if ([...prefix, ...names].join('\n') === path.join('\n')) return value;
    }
  }
  return undefined;
}

function appendElement(text: string, array: AST.TOMLArray, element: string): string {
  const last = array.elements.at(-1);
  if (last === undefined) return `${text.slice(0, array.range[0] + 1)}${element}${text.slice(array.range[0] + 1)}`;
  const isOnePerLine = last.loc.start.line !== array.loc.start.line;
  if (!isOnePerLine) return `${text.slice(0, last.range[1])}, ${element}${text.slice(last.range[1])}`;
  const indent = ' '.repeat(last.loc.start.column);
  const comma = /^\s*,/.exec(text.slice(last.range[1]))?.[0];
  const separated = comma === undefined ? `${text.slice(0, last.range[1])},` : text.slice(0, last.range[1] + comma.length);
  const rest = text.slice(last.range[1] + (comma?.length ?? 0));
  // a comment behind the last element stays behind it
  const tail = /^[^\S\r\n]*(#[^\r\n]*)?(?=\r?\n)/.exec(rest)?.[0] ?? '';
  const newline = text.includes('\r\n') ? '\r\n' : '\n';
  return `${separated}${tail}${newline}${indent}${element}${comma === undefined ? '' : ','}${rest.slice(tail.length)}`;
}

function lineEnd(text: string, position: number): number {
  const newline = text.indexOf('\n', position);
  return newline === -1 ? text.length : newline + 1;
}
