/**
 * The manifest of a text that says more, as an answer in a chat or a page: what stands in its only fence around an object, or else from the first line
 * that begins with `{` to the last that ends with `}`. Undefined when there is nothing around it, or not one object to be seen.
 */
export function withoutProse(text: string): string | undefined {
  const fenced = fencedBlocks(text).filter(isObject);
  if (fenced.length > 1) return undefined;
  const found = fenced[0] ?? braced(text);
  return found === undefined || found.trim() === text.trim() ? undefined : found;
}

/** What stands between lines of a fence, without these lines. */
function fencedBlocks(text: string): readonly string[] {
  const blocks: string[] = [];
  let block: { readonly fence: string; readonly lines: string[] } | undefined;
  for (const line of text.split(/(?<=\n)/)) {
    const [, fence] = /^\s*(```+|~~~+)/.exec(line) ?? [];
    if (block === undefined) block = fence === undefined ? undefined : { fence, lines: [] };
    else if (fence?.startsWith(block.fence) === true) {
      blocks.push(block.lines.join(''));
      block = undefined;
    } else block.lines.push(line);
  }
  return blocks;
}

/** Comments may stand before and behind. */
function isObject(block: string): boolean {
  return /^[ \t]*\{/m.test(block) && /\}[ \t\r]*$/m.test(block);
}

function braced(text: string): string | undefined {
  const lines = text.split(/(?<=\n)/);
  const first = lines.findIndex((line) => /^\s*\{/.test(line));
  const last = lines.findLastIndex((line) => /\}\s*$/.test(line));
  return first === -1 || last < first ? undefined : lines.slice(first, last + 1).join('');
}
