/**
 * What gives a secret away: an image is published, and its variables and arguments with it. The rules are listed in `docs/findings.md`; what they
 * match is never printed.
 */

/** What the name of a secret ends with, as in `DB_PASSWORD`, `--api-key`, `clientSecret`; not `TOKEN_ADDRESS`, nor `PROVING_KEY`. */
export const secretNames: readonly string[] = [
  ...['SECRET', 'TOKEN', 'PASSWORD', 'PASSWD', 'PASSPHRASE', 'PASS', 'PWD', 'CREDENTIALS', 'MNEMONIC', 'SEED_PHRASE', 'RECOVERY_PHRASE', 'SAS', 'PRIVKEY', 'AUTH_TOKEN'],
  ...['API', 'ACCESS', 'ACCOUNT', 'AUTH', 'DEPLOYER', 'ENCRYPTION', 'LICENSE', 'MASTER', 'PRIVATE', 'RADAR', 'SECRET', 'SIGNER', 'SIGNING', 'WALLET'].map((kind) => `${kind}_KEY`),
];
const NAME = new RegExp(`(^|_)(${secretNames.map((name) => name.replaceAll('_', '_?')).join('|')})S?(_(VALUE|BASE64|B64|HEX|PEM|JSON|STRING|TEXT|BASE|PHRASE|\\d+))*$`);

/** Names of keys in general: a value of 32 bytes in hexadecimal is a private one, unless it says otherwise. */
const KEY_NAME = /(^|_)(KEY|PK|SK|SEED)(_HEX|_\d+)?$/;
const PUBLIC_NAME = /PUB|PROVING|VERIF|HASH/;
const KEY_IN_HEX = /^(0x)?[0-9a-f]{64}$/i;

/** Values that have the form of a secret, by what they are. Each takes time in proportion to the text, whatever that is. */
export const secretForms: Readonly<Record<string, RegExp>> = {
  'a private key in PEM form': /-----BEGIN [A-Z ]*PRIVATE KEY/,
  'an AWS access key': /\b(AKIA|ASIA)[0-9A-Z]{16}\b/,
  'a GitHub token': /\b(gh[pousr]_[A-Za-z0-9]{36}|github_pat_\w{22,})/,
  'a GitLab token': /\bglpat-[\w-]{20}/,
  'a Slack token': /\bxox[abeprs]-[\w-]{10}/,
  'a Google API key': /\bAIza[\w-]{35}/,
  'a Stripe key': /\b[rs]k_(live|test)_\w{16}/,
  'a key of OpenAI or Anthropic': /\bsk-[\w-]{20,}/,
  'a Hugging Face token': /\bhf_[A-Za-z0-9]{30,}/,
  'an npm or crates.io token': /\b(npm_[A-Za-z0-9]{36}|cio[A-Za-z0-9]{32})\b/,
  'a JSON web token': /\beyJ[\w-]{8,1000}\.eyJ[\w.-]{8,}/,
  'a password in a URL': /\b[a-z][a-z0-9+.-]{0,20}:\/\/[^/\s:@]*:(?![$<{])[^/\s@]+@/i,
  'a key or a signature in the query of a URL': /[?&](api[_-]?key|key|token|access[_-]?token|auth|secret|password|sig)=(?![$<{])[^&\s]{8}/i,
  'a node’s URL with a project key': /\/\/[\w.-]+\.(infura\.io\/v3|alchemy\.com\/v2)\/[\w-]{20}/,
  'an `Authorization` header': /\b(Bearer|Basic) +[\w.~+/=-]{8}/i,
  'an extended private key or one of age': /\bxprv[1-9A-HJ-NP-Za-km-z]{100,}|\bAGE-SECRET-KEY-1/,
  'the 12 to 24 words of a wallet': /^([a-z]{3,8} ){11}(([a-z]{3,8} ){3}){0,4}[a-z]{3,8}$/,
};

/** What everybody knows, since it is in the manual of a test network (Anvil, Hardhat). */
const KNOWN_TO_ALL: ReadonlySet<string> = new Set(['ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80', 'test test test test test test test test test test test junk']);

/** Values of a name that says so which are none: empty, a switch, a number, a path, a placeholder. */
const HARMLESS = [
  /^(|true|false|yes|no|on|off|none|null|\d{1,6})$/i,
  /^(\.{0,2}|~)\/|^[\w./@-]+\.[a-z][a-z0-9]{0,7}$/i,
  /^[<$%]|^\{\{|^\{\w+\}$|^(x+|\*+|change[-_ ]?me|todo|dummy|example|placeholder|redacted|test)$|^(your|my|insert|enter|replace)[-_ ]|[-_ ]here$/i,
];

/** Whether a value is a secret, by the name of its variable, option or key, or by its form. */
export function isSecretValue(name: string, value: string): boolean {
  if (KNOWN_TO_ALL.has(value.replace(/^0x/i, ''))) return false;
  const plain = name.replace(/([a-z\d])([A-Z])/g, '$1_$2').replace(/\W/g, '_').toUpperCase();
  const isNamed = NAME.test(plain) && !HARMLESS.some((form) => form.test(value));
  return isNamed || (KEY_IN_HEX.test(value) && KEY_NAME.test(plain) && !PUBLIC_NAME.test(plain)) || hasSecretForm(value);
}

/** `--token=x`, `--token x` as one argument or two, `TOKEN=x`, or a value of a known form. */
export function isSecretArgument(argument: string, before: string | undefined): boolean {
  const [, name, value = ''] = /^-{0,2}([A-Za-z][\w.-]*)=([^]*)$/.exec(argument) ?? [];
  if (name !== undefined) return isSecretValue(name, value);
  const [, joined, joinedValue = ''] = /^--?([A-Za-z][\w.-]*)\s+(\S[^]*)$/.exec(argument) ?? [];
  if (joined !== undefined) return isSecretValue(joined, joinedValue);
  const option = /^--?([\w.-]+)$/.exec(before ?? '')?.[1];
  return isSecretValue(option === undefined || argument.startsWith('-') ? '' : option, argument);
}

function hasSecretForm(text: string): boolean {
  // PEM in base64, as variables often have it
  const decoded = text.startsWith('LS0tLS1CRUdJTi') ? Buffer.from(text, 'base64').toString('latin1') : '';
  return Object.values(secretForms).some((form) => form.test(text) || form.test(decoded));
}
