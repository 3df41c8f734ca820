import { type Keys } from '../finding.js';
import { type Item, type JsonNode, type ListNode, type Member, type ObjectNode, isMember, itemStart } from './node.js';

/** Finds nodes by path. What it found of an object is remembered, so that thousands of questions about one stay cheap. */
export class NodeIndex {
  readonly #root: JsonNode;
  readonly #members = new Map<ObjectNode, ReadonlyMap<string, Member>>();
  readonly #items = new Map<ListNode, readonly Item[]>();
  readonly #positions = new Map<JsonNode, ReadonlyMap<number, number>>();

  constructor(root: JsonNode) {
    this.#root = root;
  }

  /** The node at a path, where there is one. */
  node(keys: Keys): JsonNode | undefined {
    return keys.length === 0 ? this.#root : this.item(keys)?.node;
  }

  /** The member or element at a path, where there is one. */
  item(keys: Keys): Member | Item | undefined {
    const parent = this.node(keys.slice(0, -1));
    const key = keys.at(-1);
    if (parent?.kind === 'object' && typeof key === 'string') return this.#membersOf(parent).get(key);
    return parent?.kind === 'list' && typeof key === 'number' ? this.#itemsOf(parent)[key] : undefined;
  }

  /** Which of the members or elements of a node, as they are written, begins at an offset. */
  position(parent: ObjectNode | ListNode, start: number): number | undefined {
    let positions = this.#positions.get(parent);
    if (positions === undefined) {
      const items: readonly Item[] = parent.kind === 'object' ? parent.members : parent.items;
      positions = new Map(items.map((item, index) => [itemStart(item), index]));
      this.#positions.set(parent, positions);
    }
    return positions.get(start);
  }

  /** Where a key or its value stands; for a path that is not there, where the nearest value around it begins. */
  span(keys: Keys, part: 'key' | 'value'): { start: number; end: number } {
    const item = keys.length === 0 ? undefined : this.item(keys);
    if (item !== undefined && isMember(item) && (part === 'key' || item.node === undefined)) return { start: item.keyStart, end: item.keyEnd };
    const node = this.node(keys);
    if (node !== undefined) return keys.length === 0 && node.kind === 'object' ? { start: node.start, end: node.start + 1 } : { start: node.start, end: node.end };
    const around = this.span(keys.slice(0, -1), part);
    return { start: around.start, end: part === 'key' ? around.end : around.start + 1 };
  }

  /** An element that could not be read has no place in the value. */
  #itemsOf(node: ListNode): readonly Item[] {
    let items = this.#items.get(node);
    if (items === undefined) {
      items = node.items.filter((item) => item.node !== undefined);
      this.#items.set(node, items);
    }
    return items;
  }

  #membersOf(node: ObjectNode): ReadonlyMap<string, Member> {
    let members = this.#members.get(node);
    if (members === undefined) {
      // the first of two counts, as in the value
      members = new Map(node.members.toReversed().map((member) => [member.key, member]));
      this.#members.set(node, members);
    }
    return members;
  }
}
