import { isSecretValue, secretForms } from './rules/secrets.js';
import { type Token, scan } from './syntax/scan.js';

/** Sections whose values are nobody's business, in any spelling. */
const PRIVATE_SECTION = /^(env|envs|environ|environment|args|arguments|cmdline)$/i;
/** What is no secret in them: switches and other short words, small numbers, paths, names of options, and how much is to be printed. */
const HARMLESS_VALUE = /^(|[a-z]{1,5}|-?\d{1,4}(\.\d{1,4})?|(\.{0,2}|~)?\/[\w./-]*|--?[\w-]+)$/i;
const HARMLESS_NAME = /^(RUST_LOG|RUST_BACKTRACE|RAYON_NUM_THREADS)$/;

/** What is around a value: the name that it has, or that the list or object has which it is in. */
interface Around {
  readonly name: string;
  readonly isPrivate: boolean;
}

/**
 * A text of the same length with `*` for what may be a secret: values of `Env` and `Args`, of keys that say so, and of forms that do; be the text JSON
 * or not. For what is shown to people, who let it go into logs.
 */
export function maskSecrets(text: string): string {
  const { tokens } = scan(text, Infinity);
  const open: Around[] = [];
  const pieces: string[] = [];
  let done = 0;
  let name: string | undefined;
  let option: string | undefined;
  for (const [index, token] of tokens.entries()) {
    const outer = open.at(-1) ?? { name: '', isPrivate: false };
    const around = name === undefined ? outer : { name, isPrivate: outer.isPrivate || PRIVATE_SECTION.test(name) };
    if (token.kind === ':') continue;
    name = undefined;
    if (token.kind === '{' || token.kind === '[') open.push(around);
    else if (token.kind === '}' || token.kind === ']') open.pop();
    else if (token.kind !== ',' && token.kind !== 'end') {
      const { start, end } = contentOf(token);
      const content = text.slice(start, end);
      const isKey = tokens[index + 1]?.kind === ':';
      if (isKey) name = content;
      const from = start + (isKey ? openLengthOfKey(content, around) : openLength(content, option === undefined ? around : { ...around, name: option }));
      option = around.isPrivate ? /^--?([\w-]+)$/.exec(content)?.[1] : undefined;
      pieces.push(text.slice(done, from), '*'.repeat(end - from));
      done = end;
    }
  }
  return maskForms(pieces.join('') + text.slice(done));
}

/** A text with `*` for what has the form of a secret. */
export function maskForms(text: string): string {
  return Object.values(secretForms).reduce((masked, form) => masked.replace(new RegExp(form, `${form.flags}g`), (found) => '*'.repeat(found.length)), text);
}

/** What a token says, without its quotes. */
function contentOf({ kind, start, end, isCut = false }: Token): { start: number; end: number } {
  if (kind !== 'string') return { start, end };
  return { start: start + 1, end: Math.max(start + 1, isCut || end - start < 2 ? end : end - 1) };
}

/** How much of a value can be shown. */
function openLength(content: string, { name, isPrivate }: Around): number {
  const [pair = '', ownName] = /^-{0,2}([A-Za-z_][\w.-]*)=/.exec(content) ?? [];
  const value = content.slice(pair.length);
  const whose = ownName ?? name;
  // whatever value it is given
  const saysSecret = isSecretValue(whose, 'k3y-0f-5omebody');
  const isHarmless = !saysSecret && (HARMLESS_NAME.test(whose) || HARMLESS_VALUE.test(value));
  if (isPrivate ? isHarmless : !isSecretValue(whose, value)) return content.length;
  return pair.length;
}

/** Of `"TOKEN=abc"` as a key only the name. */
function openLengthOfKey(content: string, { isPrivate }: Around): number {
  const equals = content.indexOf('=');
  return isPrivate && equals !== -1 ? equals + 1 : content.length;
}
