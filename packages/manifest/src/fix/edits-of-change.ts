import { type Change, type JsonValue, type Keys } from '../finding.js';
import { type Item, type JsonNode, type Member, type ObjectNode, isMember, itemSpan, itemStart } from '../syntax/node.js';
import { type NodeIndex } from '../syntax/node-index.js';
import { type TextEdit } from '../syntax/text-edit.js';
import { type Layout } from './layout.js';

/** A document to change. */
export interface Draft {
  /** Undefined where nothing of the text could be read. */
  readonly index: NodeIndex | undefined;
  readonly layout: Layout;
  /** The path in the text of a path of the manifest. */
  readonly written: (keys: Keys) => Keys;
}

interface Drawing extends Draft {
  readonly index: NodeIndex;
  readonly made: Set<string>;
}

/**
 * The edits of the text that make a change: comments, order and indentation of everything else stay as they are. Undefined when the document does
 * not have what the change is about. `made` are the sections that edits have made already: a second one of the same name must wait until the first is
 * in the text.
 */
export function editsOfChange(change: Change, { index, layout, written }: Draft, made: Set<string>): readonly TextEdit[] | undefined {
  if (change.kind === 'replace') return [{ start: change.start, end: change.end, text: change.text }];
  if (index === undefined) return undefined;
  const keys = written(change.keys);
  const draft: Drawing = { index, layout, written, made };
  const item = index.item(keys);
  switch (change.kind) {
    case 'set':
      return set(keys, change.value, draft);
    case 'quote':
      return item?.node && [{ ...spanOf(item.node), text: JSON.stringify(layout.text.slice(item.node.start, item.node.end)) }];
    case 'rename':
      return item !== undefined && isMember(item) ? [{ start: item.keyStart, end: item.keyEnd, text: JSON.stringify(change.to) }] : undefined;
    case 'remove':
      return remove(keys, change.start, draft);
    case 'move':
      return move(keys, change.to, draft);
  }
}

function spanOf({ start, end }: JsonNode): { start: number; end: number } {
  return { start, end };
}

function set(keys: Keys, value: JsonValue, draft: Drawing): readonly TextEdit[] | undefined {
  const node = draft.index.node(keys);
  if (node !== undefined) return [{ ...spanOf(node), text: draft.layout.format(value, draft.layout.indentAt(node.start)) }];
  return add(keys, undefined, draft, value);
}

function move(keys: Keys, to: Keys, draft: Drawing): readonly TextEdit[] | undefined {
  const { index, layout, written } = draft;
  const item = index.item(keys);
  if (item?.node === undefined || !isMember(item)) return undefined;
  const text = layout.text.slice(item.node.start, item.node.end);
  const section = written(to.slice(0, -1));
  if (keys.length === 1 && section.length === 1 && index.node(section) === undefined) {
    if (!isFirst(section, draft)) return undefined;
    // the section takes the member's place
    const member = `${JSON.stringify(to.at(-1))}: ${text}`;
    return [{ start: item.keyStart, end: item.node.end, text: `${JSON.stringify(section[0])}: ${layout.around('{', member, '}', layout.indentAt(item.keyStart))}` }];
  }
  const added = add([...section, ...to.slice(-1)], text, draft);
  const removed = remove(keys, undefined, draft);
  return added && removed && [...removed, ...added];
}

function isFirst(section: Keys, { made }: Drawing): boolean {
  const name = JSON.stringify(section);
  const isNew = !made.has(name);
  made.add(name);
  return isNew;
}

/** Adds a member as the last one of its object; makes the object where there is none. */
function add(keys: Keys, text: string | undefined, draft: Drawing, value?: JsonValue): readonly TextEdit[] | undefined {
  const { index, layout } = draft;
  const parentKeys = keys.slice(0, -1);
  const parent = index.node(parentKeys);
  const key = JSON.stringify(keys.at(-1));
  if (parent === undefined && parentKeys.length > 0) {
    if (!isFirst(parentKeys, draft)) return undefined;
    const indent = layout.inner('');
    const member = `${key}: ${text ?? layout.format(value ?? null, layout.inner(indent))}`;
    return add(parentKeys, layout.around('{', member, '}', indent), draft);
  }
  if (parent?.kind !== 'object') return undefined;
  const last = parent.members.at(-1);
  const indent = last === undefined ? layout.inner(layout.indentAt(parent.start)) : layout.indentAt(last.keyStart);
  const member = `${key}: ${text ?? layout.format(value ?? null, indent)}`;
  return last === undefined ? addFirst(parent, member, layout) : addAfter(last, member, indent, layout);
}

function addFirst({ start, end }: ObjectNode, member: string, layout: Layout): readonly TextEdit[] {
  const inside = layout.text.slice(start + 1, end - 1);
  const indent = layout.indentAt(start);
  if (inside.trim() === '') return [{ start, end, text: layout.around('{', member, '}', indent) }];
  // comments stay above
  const from = start + 1 + inside.trimEnd().length;
  return [{ start: from, end: end - 1, text: `${layout.lineEnd}${layout.inner(indent)}${member}${layout.lineEnd}${indent}` }];
}

function addAfter(last: Member, member: string, indent: string, layout: Layout): readonly TextEdit[] {
  const { end } = itemSpan(last);
  const comma = last.comma === undefined ? [{ start: end, end, text: ',' }] : [];
  const behind = last.comma === undefined ? end : last.comma + 1;
  const isOnOwnLine = layout.text.slice(layout.lineStart(last.keyStart), last.keyStart).trim() === '' && layout.lineStart(last.keyStart) > 0;
  const lineEnd = isOnOwnLine ? layout.endOfLine(behind) : undefined;
  const at = lineEnd ?? behind;
  const text = lineEnd === undefined ? ` ${member}` : `${layout.lineEnd}${indent}${member}`;
  // two edits in one place would have no order
  return comma.length > 0 && at === end ? [{ start: at, end: at, text: `,${text}` }] : [...comma, { start: at, end: at, text }];
}

/** Takes out a member or an element with its comma, and its lines where nothing else is in them. */
function remove(keys: Keys, keyStart: number | undefined, { index, layout }: Drawing): readonly TextEdit[] | undefined {
  const parent = index.node(keys.slice(0, -1));
  if (parent === undefined || parent.kind === 'plain') return undefined;
  const items: readonly Item[] = parent.kind === 'object' ? parent.members : parent.items;
  const found = index.item(keys);
  const position = index.position(parent, keyStart ?? (found === undefined ? -1 : itemStart(found)));
  const wanted = position === undefined ? undefined : items[position];
  if (wanted === undefined || position === undefined) return undefined;
  const { start, end } = itemSpan(wanted);
  const { text } = layout;
  if (items.length === 1 && (text.slice(parent.start + 1, start) + text.slice(end, parent.end - 1)).replace(',', '').trim() === '') {
    return [{ start: parent.start + 1, end: parent.end - 1, text: '' }];
  }
  const before = items[position - 1];
  const commaBefore = wanted.comma === undefined ? before?.comma : undefined;
  const lineStart = layout.lineStart(start);
  // a comment before the comma stays
  const behind = wanted.comma === undefined || text.slice(end, wanted.comma).includes('/') ? end : wanted.comma + 1;
  const ownComma = wanted.comma !== undefined && behind === end ? [{ start: wanted.comma, end: wanted.comma + 1, text: '' }] : [];
  const blanks = /[ \t]*(\r?\n)?/y;
  blanks.lastIndex = behind;
  const rest = blanks.exec(text)?.[0] ?? '';
  if (rest.endsWith('\n') && text.slice(lineStart, start).trim() === '' && lineStart > 0) {
    return [...(commaBefore === undefined ? [] : [{ start: commaBefore, end: commaBefore + 1, text: '' }]), { start: lineStart, end: behind + rest.length, text: '' }, ...ownComma];
  }
  if (commaBefore !== undefined && text.slice(commaBefore + 1, start).trim() === '') return [{ start: commaBefore, end, text: '' }];
  const own = { start, end: behind + (rest.endsWith('\n') ? 0 : rest.length), text: '' };
  return [...(commaBefore === undefined ? [] : [{ start: commaBefore, end: commaBefore + 1, text: '' }]), own, ...ownComma];
}
