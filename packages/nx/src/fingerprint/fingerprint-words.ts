import type { TargetConfiguration } from '@nx/devkit';

/** What a fingerprint holds beside the toolchain. */
export interface FingerprintParts {
  /** Files, folders and patterns, relative to the Nx workspace or absolute. */
  readonly paths: readonly string[];
  /** Names of this machine's libraries. */
  readonly libraries: readonly string[];
  /** Names of variables; `*` stands for any characters. */
  readonly variables: readonly string[];
  /** Names of rustup, as in `cargo +nightly`. */
  readonly toolchains: readonly string[];
}

const VARIABLE = 'env:';

/** The words after the question on the fingerprint's command line: a path has a slash, a variable `env:` before it, a toolchain `+`. */
export function fingerprintWords({ paths, libraries, variables, toolchains }: FingerprintParts): readonly string[] {
  return [...paths.map((path) => (path.includes('/') && !path.startsWith(VARIABLE) && !path.startsWith('+') ? path : `./${path}`)), ...libraries, ...variables.map((name) => `${VARIABLE}${name}`), ...toolchains.map((name) => `+${name}`)];
}

export function readWords(words: readonly string[]): FingerprintParts {
  const variables = words.filter((word) => word.startsWith(VARIABLE));
  const toolchains = words.filter((word) => word.startsWith('+'));
  const others = words.filter((word) => !word.startsWith(VARIABLE) && !word.startsWith('+'));
  return {
    paths: others.filter((word) => word.includes('/')).map((word) => word.replace(/^\.\//, '')),
    libraries: others.filter((word) => !word.includes('/')),
    variables: variables.map((word) => word.slice(VARIABLE.length)),
    toolchains: toolchains.map((word) => word.slice(1)),
  };
}

/** A word for a shell. */
export function shellWord(word: string): string {
  return /^[\w./:+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** What the fingerprints among a target's inputs hold. */
export function fingerprintParts(inputs: TargetConfiguration['inputs']): FingerprintParts {
  const words = (inputs ?? []).flatMap((input) => {
    const command = typeof input === 'object' && 'runtime' in input ? input.runtime : '';
    const [, question, rest = ''] = /fingerprint\.js"? (toolchain|files)\b(.*)$/.exec(command) ?? [];
    const found = (rest.match(/(?:[^\s'\\]|'[^']*'|\\.)+/g) ?? []).map((word) => word.replace(/'([^']*)'|\\(.)/g, '$1$2'));
    // the first word of a toolchain is its folder
    return question === 'toolchain' ? found.slice(1) : found;
  });
  return readWords(words);
}
