import { type Change, type JsonValue, type Keys } from '../finding.js';
import { formatKeys, shorten } from '../keys.js';

/** What a change does, as a sentence without final period: `renamed \`files\` to \`Files\``. Prints no value of the environment. */
export function describeChange(change: Change): string {
  switch (change.kind) {
    case 'set':
      return `set \`${formatKeys(change.keys)}\`${isPrivate(change.keys) ? '' : ` to \`${shown(change.value)}\``}`;
    case 'quote':
      return `put \`${formatKeys(change.keys)}\` into quotes`;
    case 'rename':
      return `renamed \`${formatKeys(change.keys)}\` to \`${change.to}\``;
    case 'move':
      return `moved \`${formatKeys(change.keys)}\` to \`${formatKeys(change.to)}\``;
    case 'remove':
      return `removed \`${formatKeys(change.keys)}\``;
    case 'replace':
      return 'made JSON of it';
  }
}

function isPrivate([first]: Keys): boolean {
  return first === 'Env' || first === 'Args';
}

function shown(value: JsonValue): string {
  return shorten(JSON.stringify(value));
}
