import { dirname, join, relative, resolve } from 'node:path';
import { type BuildTrace } from './build-program.js';
import { parseBuildScriptOutput } from './build-script-output.js';
import { type CargoMessage, type ScriptMessage } from './cargo-messages.js';
import { type Asker, isSetByCargo, isTaste } from './cargo-variables.js';
import { pathOnThisMachine } from './container-paths.js';
import { type SourcesRead, parseDepInfo } from './dep-info.js';
import { filesInFlags } from './flag-files.js';
import { GeneratedFiles } from './generated-files.js';
import { guestProgram, guestProgramsBelow, manifestsAbove } from './guest-programs.js';
import { linkedLibraries } from './linked-libraries.js';
import { folderOfPackage, isByPath } from './package-id.js';
import { filesBelow, realPath, textOf } from './real-files.js';
import { depInfoFiles } from './unit-files.js';

/**
 * What a build read, by what cargo, rustc and build scripts say and leave in the target folder, also when all of it was built
 * before: source files, what is included from elsewhere, what build scripts name (folders file by file), the libraries and
 * scripts that they link with, the sources of guest programs that they build, files that flags name, wrapper scripts. Files are absolute,
 * links followed, sorted; those of registries, of the toolchain and those that this build itself made are left out. A file may
 * be missing. Variables are those of the environment: not what cargo, its configuration or a build script sets.
 *
 * Not seen: what a procedural macro or a build script reads and does not tell.
 */
export function readSources(trace: BuildTrace): SourcesRead {
  const reader = new SourceReader(trace);
  for (const message of trace.messages) reader.add(message);
  reader.addRules(trace.programPath.replace(/(\.exe)?$/, '.d'), trace.package.workspaceRoot);
  for (const path of [...trace.otherFiles, ...linkedLibraries(trace)]) reader.addFile(path);
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
    if (message.manifest_path === '') return;
    // a vendored package is held by nothing else; what lies in a registry is passed over
    this.addFile(isByPath(message.package_id) ? message.manifest_path : dirname(message.manifest_path));
  }

  /** Cargo runs rustc in the workspace for its members, and names the files of other crates by absolute paths. */
  addRules(path: string, base: string, packageId?: string): void {
    if (this.#read.has(path)) return;
    this.#read.add(path);
    const { files, environment } = parseDepInfo(textOf(path));
    for (const file of files) this.addFile(resolve(base, file));
    this.#addVariables(environment, 'rustc', packageId);
  }

  addFile(path: string): void {
    const real = realPath(this.#here(path));
    if (this.#generated.isPinned(real)) return;
    const isGuest = this.#addGuest(real);
    if (isGuest || this.#generated.isMade(real)) return;
    for (const file of filesBelow(real, (below) => this.#generated.isPassedOver(below))) this.#files.add(file);
  }

  result(): SourcesRead {
    return { files: [...this.#files].sort(), environment: [...this.#environment].sort() };
  }

  #addScript({ package_id: id, out_dir: outDir }: ScriptMessage): void {
    if (outDir === '') return;
    const folder = dirname(this.#here(outDir));
    const { files, environment, linkArguments } = parseBuildScriptOutput(textOf(join(folder, 'output')));
    this.#addVariables(environment, 'script', id);
    const packageFolder = isByPath(id) ? folderOfPackage(id) : undefined;
    for (const file of files) {
      // of a package of a registry, what lies elsewhere: headers of the system
      if (packageFolder !== undefined) this.addFile(resolve(packageFolder, file));
      else if (resolve(file) === file) this.addFile(file);
    }
    for (const file of filesInFlags(linkArguments, this.#trace.package.workspaceRoot)) this.addFile(file);
    if (packageFolder !== undefined) for (const guest of guestProgramsBelow(this.#here(outDir))) this.#addGuest(guest);
  }

  /** Whether a file is a program that a build script built; then what that was made of counts in its place. */
  #addGuest(path: string): boolean {
    const guest = guestProgram(path);
    if (guest === undefined) return false;
    const { rulesFile, unitRules } = guest;
    if (this.#read.has(rulesFile)) return true;
    const folder = dirname(rulesFile);
    this.addRules(rulesFile, folder);
    const sources = parseDepInfo(textOf(rulesFile)).files.map((file) => resolve(folder, file));
    for (const manifest of new Set(sources.flatMap((file) => manifestsAbove(file, this.#trace.sourceRoot)))) this.addFile(manifest);
    for (const rules of unitRules) this.#addVariables(parseDepInfo(textOf(rules)).environment, 'rustc');
    return true;
  }

  #addVariables(names: readonly string[], asker: Asker, packageId?: string): void {
    const own = packageId === undefined ? undefined : this.#setByScripts.get(packageId);
    for (const name of names) {
      const isExempt = isSetByCargo(name, asker) || (asker === 'script' && isTaste(name)) || own?.has(name) === true || this.#trace.forcedVariables.includes(name);
      if (!isExempt) this.#environment.add(name);
    }
  }

  #here(path: string): string {
    return pathOnThisMachine(path, this.#trace.package);
  }
}

function setByScripts(messages: readonly CargoMessage[]): ReadonlyMap<string, ReadonlySet<string>> {
  const scripts = messages.filter((message) => message.reason === 'build-script-executed');
  return new Map(scripts.map(({ package_id: id, env }) => [id, new Set(env.map(([name]) => name))]));
}
