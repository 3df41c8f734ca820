/** A value of a text, with where it stands. `start` and `end` are offsets in UTF-16 code units, the end exclusive. */
export type JsonNode = ObjectNode | ListNode | PlainNode;

export interface ObjectNode {
  readonly kind: 'object';
  readonly start: number;
  readonly end: number;
  readonly members: readonly Member[];
}

export interface ListNode {
  readonly kind: 'list';
  readonly start: number;
  readonly end: number;
  readonly items: readonly Item[];
}

export interface PlainNode {
  readonly kind: 'plain';
  readonly start: number;
  readonly end: number;
  readonly value: string | number | boolean | null;
}

/** An element of a list, or what stands in its place in an object. */
export interface Item {
  /** Undefined where the value is missing or cannot be read: nothing more is to be said about it. */
  readonly node: JsonNode | undefined;
  /** Offset of the comma after it. */
  readonly comma: number | undefined;
}

export interface Member extends Item {
  readonly key: string;
  readonly keyStart: number;
  readonly keyEnd: number;
}

export function isMember(item: Member | Item): item is Member {
  return 'keyStart' in item;
}

/** Where a member or an element begins and ends, without its comma. */
export function itemSpan(item: Member | Item): { start: number; end: number } {
  const start = itemStart(item);
  return { start, end: item.node?.end ?? (isMember(item) ? item.keyEnd : start) };
}

/** An element that could not be read begins nowhere. */
export function itemStart(item: Member | Item): number {
  return isMember(item) ? item.keyStart : (item.node?.start ?? -1);
}
