/** What a build, or a part of it, read. */
export interface SourcesRead {
  /** Paths of files, and of folders that are watched as a whole. */
  readonly files: readonly string[];
  /** Names of environment variables, whether they were set or not. */
  readonly environment: readonly string[];
}

/** What rules of make say. */
export interface DepInfo extends SourcesRead {
  /** What was made. */
  readonly targets: readonly string[];
}

/**
 * Reads a `.d` file of rustc or cargo: rules of make, whose prerequisites are files that were read, and lines
 * `# env-dep:NAME` or `# env-dep:NAME=value` of rustc for `env!` and `option_env!`
 * (rustc `compiler/rustc_interface/src/passes.rs`, `write_out_deps`). Paths are as they stand there.
 */
export function parseDepInfo(text: string): DepInfo {
  const targets = new Set<string>();
  const files = new Set<string>();
  const environment = new Set<string>();
  for (const line of text.split('\n')) {
    const variable = /^# env-dep:([^=]+)/.exec(line)?.[1];
    if (variable !== undefined) environment.add(variable);
    const separator = line.startsWith('#') ? -1 : endOfTarget(line);
    if (separator === -1) continue;
    targets.add(line.slice(0, separator).replaceAll('\\ ', ' '));
    for (const path of unescapedWords(line.slice(separator + 1))) files.add(path);
  }
  return { targets: [...targets], files: [...files], environment: [...environment] };
}

/** The colon behind a rule's target: the first one before a blank or the end, since a path may have others. */
function endOfTarget(line: string): number {
  return /:(?=\s|$)/.exec(line)?.index ?? -1;
}

/** Words that are apart by blanks; a blank inside one has a backslash before it. */
function unescapedWords(text: string): readonly string[] {
  return (text.match(/(?:\\ |\S)+/g) ?? []).map((word) => word.replaceAll('\\ ', ' '));
}
