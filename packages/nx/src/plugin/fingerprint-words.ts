import type { TargetConfiguration } from '@nx/devkit';
import { createHash } from 'node:crypto';

/** What a fingerprint holds beside the toolchain. */
export interface FingerprintParts {
  /** Files, folders and patterns, relative to the Nx workspace or absolute. */
  readonly paths: readonly string[];
  /** Names of this machine's libraries. */
  readonly libraries: readonly string[];
  /** Names of variables; `*` stands for any characters. */
  readonly variables: readonly string[];
  /** What takes the place of cargo, each with its arguments. */
  readonly cargoCommands: readonly (readonly string[])[];
  /** Target triples, where the settings name one for each program. */
  readonly targets: readonly string[];
}

const [VARIABLE, CARGO, TARGET] = ['env:', 'cargo:', 'target:'] as const;
const PREFIXES = [VARIABLE, CARGO, TARGET];
const hasPrefix = (word: string): boolean => PREFIXES.some((prefix) => word.startsWith(prefix));

/** The words after the question on the fingerprint's command line: a path has a slash, a library has none, the others say what they are. */
export function fingerprintWords({ paths = [], libraries = [], variables = [], cargoCommands = [], targets = [] }: Partial<FingerprintParts>): readonly string[] {
  return [
    ...paths.map((path) => (path.includes('/') && !hasPrefix(path) ? path : `./${path}`)),
    ...libraries,
    ...variables.map((name) => `${VARIABLE}${name}`),
    ...cargoCommands.map((command) => `${CARGO}${JSON.stringify(command)}`),
    ...targets.map((target) => `${TARGET}${target}`),
  ];
}

export function readWords(words: readonly string[]): FingerprintParts {
  const behind = (prefix: string): readonly string[] => words.filter((word) => word.startsWith(prefix)).map((word) => word.slice(prefix.length));
  const others = words.filter((word) => !hasPrefix(word));
  return {
    paths: others.filter((word) => word.includes('/')).map((word) => word.replace(/^\.\//, '')),
    libraries: others.filter((word) => !word.includes('/')),
    variables: behind(VARIABLE),
    cargoCommands: behind(CARGO).map((command) => JSON.parse(command) as readonly string[]),
    targets: behind(TARGET),
  };
}

/** A word for a shell. */
export function shellWord(word: string): string {
  return /^[\w./:+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** The question and its words on a command line that runs a fingerprint; empty for another command. */
export function commandWords(command: string): readonly string[] {
  const [, rest = ''] = /fingerprint\.js"? (.*)$/.exec(command) ?? [];
  const found = rest.match(/(?:[^\s'\\]|'[^']*'|\\.)+/g) ?? [];
  return found.map((word) => word.replace(/'([^']*)'|\\(.)/g, '$1$2'));
}

/** Names what a question leaves behind in Nx's workspace data folder. */
export function wordsId(words: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(words)).digest('hex').slice(0, 16);
}

/** What the fingerprints among a target's inputs hold. */
export function fingerprintParts(inputs: TargetConfiguration['inputs']): FingerprintParts {
  const words = (inputs ?? []).flatMap((input) => {
    const [question, ...rest] = commandWords(typeof input === 'object' && 'runtime' in input ? input.runtime : '');
    // the first word of a toolchain is its folder
    return question === 'toolchain' ? rest.slice(1) : question === 'files' ? rest : [];
  });
  return readWords(words);
}
