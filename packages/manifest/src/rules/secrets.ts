/**
 * What gives a secret away: an image is published, and its variables and arguments with it. The rules are listed in `docs/findings.md`; what they
 * match is never printed.
 */

/** Names that say so, at a border between words. */
export const SECRET_NAME = /(^|[_-])(SECRET|TOKEN|PASSWORD|PASSWD|PASSPHRASE|API_?KEY|PRIVATE_?KEY|ACCESS_?KEY|SECRET_?KEY|CREDENTIALS?|MNEMONIC|SEED_?PHRASE)($|[_-])/i;

/** Values that have the form of a secret, by what issues them. */
export const secretForms: Readonly<Record<string, RegExp>> = {
  'a private key in PEM form': /-----BEGIN [A-Z ]*PRIVATE KEY-----/,
  'an AWS access key': /\b(AKIA|ASIA)[0-9A-Z]{16}\b/,
  'a GitHub token': /\b(gh[pousr]_[A-Za-z0-9]{36}|github_pat_\w{22,})/,
  'a GitLab token': /\bglpat-[\w-]{20}/,
  'a Slack token': /\bxox[abeprs]-[\w-]{10}/,
  'a Google API key': /\bAIza[\w-]{35}/,
  'a Stripe key': /\b[rs]k_(live|test)_\w{16}/,
  'a JSON web token': /\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]+/,
  'a password in a URL': /\b[a-z][a-z0-9+.-]*:\/\/[^/\s:@]+:[^/\s:@]+@/i,
};

/** Values of a name that says so which are none: empty, a switch, a number, a path, a placeholder. */
const HARMLESS = /^(|true|false|yes|no|none|null|\d{1,6}|\.{0,2}\/.*|[<$%{].*|x+|\*+|changeme|todo)$/i;

export function isSecretVariable(name: string, value: string): boolean {
  return (SECRET_NAME.test(name) && !HARMLESS.test(value)) || hasSecretForm(value);
}

/** `--token=x`, `--token x`, or a value of a known form. */
export function isSecretArgument(argument: string, before: string | undefined): boolean {
  const [, name, value] = /^--?([\w-]+)=(.*)$/.exec(argument) ?? [];
  if (name !== undefined && value !== undefined && SECRET_NAME.test(name) && !HARMLESS.test(value)) return true;
  const option = /^--?([\w-]+)$/.exec(before ?? '')?.[1];
  const isOption = argument.startsWith('-');
  return (option !== undefined && !isOption && SECRET_NAME.test(option) && !HARMLESS.test(argument)) || hasSecretForm(argument);
}

function hasSecretForm(text: string): boolean {
  return Object.values(secretForms).some((form) => form.test(text));
}
