import { errorCodeOf } from '@package-vm/errors';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { type BuildTrace } from './build-program.js';
import { parseBuildScriptOutput } from './build-script-output.js';
import { type CargoMessage, type ScriptMessage } from './cargo-messages.js';
import { isSetByCargo } from './cargo-variables.js';
import { pathOnThisMachine } from './container-paths.js';
import { type SourcesRead, parseDepInfo } from './dep-info.js';
import { GeneratedFiles } from './generated-files.js';
import { filesBelow, isInside, realPath } from './real-files.js';
import { depInfoFiles, depInfoOfProgram } from './unit-files.js';

/**
 * What a build read, by what cargo, rustc and build scripts say and leave in the target folder, also when all of it was built
 * before: source files, what is included from elsewhere, what build scripts name (folders file by file), the sources of guest
 * programs that build scripts build, configuration, wrapper scripts. Files are absolute, links followed, sorted; those of
 * registries, of the toolchain and those that the build itself made are left out. A file may be missing.
 * Variables are those of the environment: not what cargo, its configuration or a build script sets.
 *
 * Not seen: what a procedural macro or a build script reads and does not tell.
 */
export function readSources(trace: BuildTrace): SourcesRead {
  const reader = new SourceReader(trace);
  for (const message of trace.messages) reader.add(message);
  reader.addRules(trace.programPath.replace(/(\.exe)?$/, '.d'), trace.package.workspaceRoot);
  for (const path of trace.otherFiles) reader.addFile(path);
  return reader.result();
}

class SourceReader {
  readonly #trace: BuildTrace;
  readonly #generated: GeneratedFiles;
  readonly #depsFolders: readonly string[];
  readonly #files = new Set<string>();
  readonly #environment = new Set<string>();
  /** By package. */
  readonly #setByScripts: ReadonlyMap<string, ReadonlySet<string>>;
  readonly #read = new Set<string>();

  constructor(trace: BuildTrace) {
    this.#trace = trace;
    this.#generated = new GeneratedFiles(trace);
    const { targetDir, buildDir } = trace.package;
    const profileFolder = dirname(trace.programPath);
    this.#depsFolders = [...new Set([profileFolder, join(buildDir, relative(targetDir, profileFolder))])].map((folder) => join(folder, 'deps'));
    this.#setByScripts = setByScripts(trace.messages);
  }

  add(message: CargoMessage): void {
    if (message.reason === 'build-script-executed') {
      this.#addScript(message);
      return;
    }
    const filenames = message.filenames.map((path) => this.#here(path));
    const { workspaceRoot } = this.#trace.package;
    for (const path of depInfoFiles({ ...message, filenames }, this.#depsFolders)) this.addRules(path, workspaceRoot, message.package_id);
    if (isByPath(message.package_id) && message.manifest_path !== '') this.addFile(message.manifest_path);
  }

  /** Cargo runs rustc in the workspace for its members, and names the files of other crates by absolute paths. */
  addRules(path: string, base: string, packageId?: string): void {
    if (this.#read.has(path)) return;
    this.#read.add(path);
    const { files, environment } = parseDepInfo(textOf(path));
    for (const file of files) this.addFile(resolve(base, file));
    this.#addVariables(environment, packageId);
  }

  addFile(path: string): void {
    const real = realPath(this.#here(path));
    if (this.#generated.isPinned(real)) return;
    if (this.#generated.isMade(real)) {
      this.#addGuest(real);
      return;
    }
    for (const file of filesBelow(real, (below) => this.#generated.isMade(below) || this.#generated.isPinned(below))) this.#files.add(file);
  }

  result(): SourcesRead {
    return { files: [...this.#files].sort(), environment: [...this.#environment].sort() };
  }

  #addScript({ package_id: id, out_dir: outDir }: ScriptMessage): void {
    if (outDir === '') return;
    const folder = dirname(this.#here(outDir));
    const { files, environment } = parseBuildScriptOutput(textOf(join(folder, 'output')));
    // every build script may ask for PATH, which no two machines have in common
    this.#addVariables(environment.filter((name) => name !== 'PATH'), id);
    const packageFolder = isByPath(id) ? folderOf(id) : undefined;
    for (const file of files) {
      // of a package of a registry, what lies elsewhere: headers of the system
      if (packageFolder !== undefined) this.addFile(resolve(packageFolder, file));
      else if (resolve(file) === file) this.addFile(file);
    }
    if (packageFolder !== undefined) this.#addGuestsBelow(this.#here(outDir), 0);
  }

  /** A program that a build script built with a cargo of its own: rules of make lie beside it. */
  #addGuest(path: string): void {
    const folder = dirname(path);
    const name = basename(path).replace(/\.(bin|elf|wasm|exe)$/, '');
    const rules = join(folder, `${name}.d`);
    if (this.#read.has(rules) || textOf(rules) === '') return;
    this.addRules(rules, folder);
    for (const file of parseDepInfo(textOf(rules)).files) this.#addManifestsOf(resolve(folder, file));
    for (const own of depInfoOfProgram(path, name, [join(folder, 'deps')])) this.#addVariables(parseDepInfo(textOf(own)).environment, undefined);
  }

  /** The nearest `Cargo.toml` and `Cargo.lock` above a file of a guest program, of whose packages cargo says nothing. */
  #addManifestsOf(path: string): void {
    const above = foldersAbove(path).filter((folder) => isInside(folder, this.#trace.sourceRoot));
    for (const name of ['Cargo.toml', 'Cargo.lock']) {
      const nearest = above.map((folder) => join(folder, name)).find((file) => existsSync(file));
      if (nearest !== undefined) this.addFile(nearest);
    }
  }

  /** The same for all of them in a folder. */
  #addGuestsBelow(folder: string, depth: number): void {
    if (depth > GUEST_DEPTH_MAX) return;
    const entries = entriesOf(folder);
    const isProfileFolder = entries.some((entry) => entry.isDirectory() && entry.name === 'deps');
    for (const entry of entries) {
      const path = join(folder, entry.name);
      if (isProfileFolder && entry.isFile() && entry.name.endsWith('.d')) this.#addGuest(path.slice(0, -'.d'.length));
      else if (entry.isDirectory() && !isProfileFolder) this.#addGuestsBelow(path, depth + 1);
    }
  }

  #addVariables(names: readonly string[], packageId: string | undefined): void {
    const own = packageId === undefined ? undefined : this.#setByScripts.get(packageId);
    for (const name of names) {
      if (!isSetByCargo(name) && own?.has(name) !== true && !this.#trace.forcedVariables.includes(name)) this.#environment.add(name);
    }
  }

  #here(path: string): string {
    return pathOnThisMachine(path, this.#trace.package);
  }
}

/** OUT_DIR, a target folder in it, the target's name, the profile's, and one to spare. */
const GUEST_DEPTH_MAX = 4;

function setByScripts(messages: readonly CargoMessage[]): ReadonlyMap<string, ReadonlySet<string>> {
  const scripts = messages.filter((message) => message.reason === 'build-script-executed');
  return new Map(scripts.map(({ package_id: id, env }) => [id, new Set(env.map(([name]) => name))]));
}

/** `path+file:///ws/app#my-app@0.1.0`; before cargo 1.77 `my-app 0.1.0 (path+file:///ws/app)`. */
function isByPath(packageId: string): boolean {
  return packageId.includes('path+file://');
}

function folderOf(packageId: string): string {
  return decodeURIComponent(/path\+file:\/\/([^#)]*)/.exec(packageId)?.[1] ?? '');
}

function foldersAbove(path: string): readonly string[] {
  const parent = dirname(path);
  return parent === path ? [] : [parent, ...foldersAbove(parent)];
}

function entriesOf(folder: string): ReturnType<typeof readEntries> {
  try {
    return readEntries(folder);
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'EACCES'].includes(errorCodeOf(error) ?? '')) return [];
    throw error;
  }
}

function readEntries(folder: string) {
  return readdirSync(folder, { withFileTypes: true });
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'EISDIR'].includes(errorCodeOf(error) ?? '')) return '';
    throw error;
  }
}
