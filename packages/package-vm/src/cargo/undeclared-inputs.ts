import { PackageVmError } from '@package-vm/errors';
import { type Finding } from '@package-vm/manifest';
import { dirname, join, relative, resolve } from 'node:path';
import picomatch from 'picomatch';
import { isRelevantVariable, nameMatches } from './cargo-variables.js';
import { type SourcesRead } from './dep-info.js';
import { isInside, realPath } from './real-files.js';

/** What the key of a build holds. */
export interface DeclaredInputs {
  /** Nx filesets with `{projectRoot}` and `{workspaceRoot}`, some with `!` before them; other strings, such as names of inputs, are passed over. */
  readonly filesets: readonly string[];
  /** Whether a file that a fileset has is one that Nx hashes; default: each. */
  readonly isHashed?: ((path: string) => boolean) | undefined;
  /** Whether the key has a file in another way, by its absolute path. */
  readonly holds?: ((path: string) => boolean) | undefined;
  /** Names of variables; `*` stands for any characters. Those of `isRelevantVariable` need not be named. */
  readonly environment?: readonly string[] | undefined;
  /** Commands whose output is in the key. One that asks git covers what git keeps in `.git`. */
  readonly commands?: readonly string[] | undefined;
}

export interface UndeclaredOptions {
  readonly sources: SourcesRead;
  readonly declared: DeclaredInputs;
  /** Absolute. */
  readonly workspaceRoot: string;
  /** Folder of the `Cargo.toml` and of the Nx project, absolute. */
  readonly crateFolder: string;
  /** Folders of Nx projects below this one, relative to the Nx workspace: `{projectRoot}` does not hold their files. */
  readonly nestedProjects?: readonly string[] | undefined;
}

/** A finding with the element of `inputs` that puts it right, as TOML. */
export interface UndeclaredInput extends Finding {
  readonly item: string;
}

/**
 * What a build read and its key does not hold, so that a change of it would be answered from the cache. Several files of one
 * folder are one finding.
 */
export function undeclaredInputs(options: UndeclaredOptions): readonly UndeclaredInput[] {
  const { sources, declared } = options;
  const [workspaceRoot, crateFolder] = [realPath(options.workspaceRoot), realPath(options.crateFolder)];
  const isDeclared = fileMatcher({ ...options, workspaceRoot, crateFolder });
  const place = { file: relative(workspaceRoot, join(crateFolder, 'Cargo.toml')), keys: ['package', 'metadata', 'package-vm', 'inputs'] };
  const finding = (code: string, message: string, item: string): UndeclaredInput => {
    return { code, severity: 'error', message, hint: `Add \`${item}\` to \`inputs\` in \`[package.metadata.package-vm]\`.`, place, item };
  };
  const files = sources.files.filter((path) => !isDeclared(path));
  const variables = sources.environment.filter((name) => !isRelevantVariable(name) && declared.environment?.some((pattern) => nameMatches(pattern, name)) !== true);
  return [
    ...groupByFolder(files, crateFolder).map(({ path, count }) => {
      const shown = isInside(path, workspaceRoot) ? relative(workspaceRoot, path) : path;
      const message = count === 1 ? `The build reads \`${shown}\`, which is not among its inputs` : `The build reads ${count} files of \`${shown}\`, which are not among its inputs`;
      return finding('undeclared-input', message, isOfGit(path) ? GIT_ITEM : JSON.stringify(writtenPath(path, crateFolder)));
    }),
    ...variables.map((name) => finding('undeclared-variable', `The build reads the variable \`${name}\`, which is not among its inputs`, `{ env = ${JSON.stringify(name)} }`)),
  ];
}

/**
 * Ends a build that read what its key does not hold. `inputs` are the settings' own, as they stand: the line in the hint has them, too.
 *
 * @throws PVM_UNDECLARED_INPUT
 */
export function refuseUndeclared(findings: readonly UndeclaredInput[], inputs: readonly unknown[] = []): void {
  if (findings.length === 0) return;
  const items = [...new Set([...inputs.map(toToml), ...findings.map(({ item }) => item)])];
  throw new PackageVmError('PVM_UNDECLARED_INPUT', `The build read what its key in the cache does not hold, so a change of it would go unseen:\n${findings.map(({ message }) => `  ${message}`).join('\n')}`, {
    hint: `In \`${findings[0]?.place.file ?? 'Cargo.toml'}\`, under \`[package.metadata.package-vm]\`, this line declares it:\ninputs = [${items.join(', ')}]`,
    data: { findings },
  });
}

function fileMatcher({ declared, workspaceRoot, crateFolder, nestedProjects = [] }: UndeclaredOptions): (path: string) => boolean {
  const { filesets, isHashed = () => true, holds = () => false, commands = [] } = declared;
  const [ofProject, ofWorkspace] = ['{projectRoot}/', '{workspaceRoot}/'].map((token) => setMatcher(filesets, token));
  const nested = nestedProjects.map((folder) => resolve(workspaceRoot, folder));
  const asksGit = commands.some((command) => /\bgit\b/.test(command));
  return (path) => {
    if (holds(path)) return true;
    // Nx never hashes what git keeps for itself
    if (isOfGit(path)) return asksGit;
    if (!isHashed(path)) return false;
    if (isInside(path, crateFolder) && !nested.some((folder) => isInside(path, folder)) && ofProject?.(relative(crateFolder, path)) === true) return true;
    return isInside(path, workspaceRoot) && ofWorkspace?.(relative(workspaceRoot, path)) === true;
  };
}

const GLOB = { dot: true };

/** Nx takes all filesets of one kind together: a file is in when one matches and none with `!` does. */
function setMatcher(filesets: readonly string[], token: string): (path: string) => boolean {
  const matchers = (prefix: string): readonly picomatch.Matcher[] =>
    filesets.filter((fileset) => fileset.startsWith(prefix)).map((fileset) => picomatch(fileset.slice(prefix.length), GLOB));
  const [inside, outside] = [matchers(token), matchers(`!${token}`)];
  return (path) => inside.some((matches) => matches(path)) && !outside.some((matches) => matches(path));
}

const GIT_ITEM = '{ runtime = "git rev-parse HEAD" }';

/** As `inputs` has it: from the crate's folder, or from the root where they have nothing else in common. */
function writtenPath(path: string, crateFolder: string): string {
  return path.split('/')[1] === crateFolder.split('/')[1] ? relative(crateFolder, path) : path;
}

function isOfGit(path: string): boolean {
  return path.split('/').includes('.git');
}

interface Group {
  readonly path: string;
  readonly count: number;
}

const FOLDER_FROM = 4;

/** Many files of one folder are named by it, and many such folders by the one around them, unless the crate itself lies there: that would be everything. */
function groupByFolder(files: readonly string[], crateFolder: string): readonly Group[] {
  let groups: readonly Group[] = files.map((path) => ({ path, count: 1 }));
  for (;;) {
    const counts = new Map<string, number>();
    for (const { path } of groups) counts.set(folderOf(path), (counts.get(folderOf(path)) ?? 0) + 1);
    const named = [...counts].filter(([folder, count]) => isOfGit(folder) || (count >= FOLDER_FROM && !isInside(crateFolder, folder))).map(([folder]) => folder);
    const outermost = named.filter((folder) => !named.some((other) => other !== folder && isInside(folder, other)));
    const merged = new Map<string, number>();
    for (const { path, count } of groups) {
      const group = outermost.find((folder) => isInside(path, folder)) ?? path;
      merged.set(group, (merged.get(group) ?? 0) + count);
    }
    const isDone = merged.size === groups.length;
    groups = [...merged].map(([path, count]) => ({ path, count }));
    if (isDone) return groups;
  }
}

/** The folder of a file; of what git keeps, its `.git`. */
function folderOf(path: string): string {
  return /^.*?\/\.git(?=\/|$)/.exec(path)?.[0] ?? dirname(path);
}

/** An element of a list, as TOML: the settings hold strings and tables of strings. */
function toToml(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  return `{ ${Object.entries(value).map(([key, member]) => `${key} = ${JSON.stringify(member)}`).join(', ')} }`;
}
