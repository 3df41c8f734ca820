import { printable } from '@package-vm/errors';
import { type Keys } from './finding.js';

/** A path of keys as people write it, e.g. `RunConfig.CPUs`, `Mounts["%1"]`, `Files[3]`. */
export function formatKeys(keys: Keys): string {
  return withoutValues(keys)
    .map((key, index) => {
      if (typeof key === 'number') return `[${key}]`;
      if (!/^[\w-]+$/.test(key)) return `[${printable(JSON.stringify(cut(key)))}]`;
      return index === 0 ? key : `.${key}`;
    })
    .join('');
}

/** A path without the value of a variable that is written as a key: `"TOKEN=abc"`. */
export function withoutValues(keys: Keys): Keys {
  const [section, name] = keys;
  const isVariable = keys.length === 2 && /^env/i.test(String(section)) && typeof name === 'string' && name.includes('=');
  return isVariable ? [...keys.slice(0, 1), `${name.slice(0, name.indexOf('='))}=…`] : keys;
}

/** A text from the input, short enough for a message, and such that no terminal obeys it. */
export function shorten(text: string): string {
  return printable(cut(text));
}

function cut(text: string): string {
  return text.length <= 60 ? text : `${text.slice(0, 57)}…`;
}

/** What a value is, in words: `a string`, `a list`. */
export function kindOf(value: unknown): string {
  if (value === null) return '`null`';
  if (value === undefined) return 'nothing';
  if (typeof value === 'number' || typeof value === 'bigint') return 'a number';
  if (typeof value === 'boolean') return `\`${String(value)}\``;
  if (typeof value === 'string') return 'a string';
  if (Array.isArray(value)) return 'a list';
  return value instanceof Date ? 'a date' : 'an object';
}
