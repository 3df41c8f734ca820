import { type Finding, type Keys, type Manifest, type Place, type Platform, type ProgramSettings, type Settings } from '@package-vm/manifest';
import { applyAllowed, checkManifest, inFileOrder, manifestError, misnamedSettings, parseManifest, parseSettings, placeInManifest, settingsError, settingsForProgram, hasErrors, workspaceSettings } from '@package-vm/manifest';
import { readFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { type TomlTable } from 'smol-toml';
import { type CrateProblem, asTable, readCargoToml } from '../crate-graph/cargo-toml.js';
import { digestBytes } from '../host-files/digest-file.js';
import { readManifest } from '../host-files/read-manifest.js';
import { cratePrograms } from './crate-programs.js';
import { findCargoWorkspace } from './find-cargo-workspace.js';
import { findManifest } from './find-manifest.js';
import { findWorkspaceRoot } from './find-workspace-root.js';
import { placeSettings } from './place-settings.js';

export interface ProjectOptions {
  /** The manifest; default: the one beside the nearest `Cargo.toml` that the program's name or the settings choose. */
  readonly manifestPath?: string | undefined;
  /** A folder of the crate, or any path below it: where to look for settings and the manifest when it is not given. */
  readonly folder: string;
  /** Name of the program; default: what the manifest's name or its `Program` says. */
  readonly program?: string | undefined;
  readonly platform?: Platform | undefined;
  /** One of the settings' `variants`; default: the settings as they are. */
  readonly variant?: string | undefined;
  /** Default: the nearest folder above with an `nx.json` or a `.git`. */
  readonly workspaceRoot?: string | undefined;
}

/** A manifest with everything that decides how it is read. Paths are absolute. */
export interface Project {
  readonly manifestPath: string;
  readonly manifest: Manifest;
  readonly manifestSha256: string;
  readonly placeOf: (keys: Keys, part?: 'key' | 'value') => Place;
  readonly program: string;
  readonly platform: Platform;
  readonly settings: ProgramSettings;
  /** Folder of the `Cargo.toml` that the settings come from; undefined when there is none. */
  readonly crateFolder: string | undefined;
  /** Folder that the manifest's relative paths start from. */
  readonly baseFolder: string;
  readonly workspaceRoot: string;
  /** The `Cargo.toml` of the settings, as findings name it, and the path of the list of allowed findings in it. */
  readonly allowedIn: { readonly file: string; readonly keys: Keys };
  /** Findings about the settings and the manifest's text, in that order. */
  readonly findings: readonly Finding[];
}

/** What there is to say about a project, and the project itself if its manifest can be read at all. */
export interface ExaminedProject {
  readonly project: Project | undefined;
  readonly findings: readonly Finding[];
  /** Files that findings name, with their absolute paths. */
  readonly files: ReadonlyMap<string, string>;
}

/**
 * Reads settings and manifest of one program. What makes them unreadable is thrown with all findings on both; other findings, errors
 * too, are in the project.
 *
 * @throws PVM_BAD_SETTINGS, PVM_BAD_MANIFEST, PVM_NO_MANIFEST, PVM_NO_SUCH_VARIANT
 */
export async function readProject(options: ProjectOptions): Promise<Project> {
  const { project, settingsFindings, files, ...examined } = examine(options);
  const findings = await placeSettings(examined.findings, (file) => textOf(files.get(file)));
  if (hasErrors(settingsFindings)) throw settingsError(findings);
  if (project === undefined) throw manifestError(findings);
  return { ...project, findings };
}

/** Reads settings and manifest of one program, as far as they can be, and tells all that is wrong with both. @throws PVM_NO_MANIFEST, PVM_NO_SUCH_VARIANT */
export function examineProject(options: ProjectOptions): ExaminedProject {
  return examine(options);
}

function examine(options: ProjectOptions): ExaminedProject & { readonly settingsFindings: readonly Finding[] } {
  const start = options.folder;
  const workspaceRoot = options.workspaceRoot ?? findWorkspaceRoot(start);
  const crate = readCrate(start, workspaceRoot);
  const shown = (path: string): string => relative(workspaceRoot, path);
  const settingsPath = crate?.cargoToml ?? join(start, 'Cargo.toml');
  const settingsFile = shown(settingsPath);
  const programs = crate === undefined ? [] : cratePrograms(crate.folder, crate.table);
  const parsedSettings = parseSettings(crate?.metadata['package-vm'], { file: settingsFile, programs });
  const workspace = findCargoWorkspace(crate?.folder ?? start);
  const misplaced = workspace === undefined ? [] : workspaceSettings(asTable(asTable(workspace.table.workspace).metadata), { file: shown(workspace.path) });
  const settingsFindings = [...misplaced, ...(crate?.problem === undefined ? [] : [tomlFinding(crate.problem, settingsFile)]), ...misnamedSettings(crate?.metadata ?? {}, { file: settingsFile }), ...parsedSettings.findings];

  const manifestPath = options.manifestPath ?? findManifest({ folder: crate?.folder ?? start, program: options.program, variant: options.variant, settings: parsedSettings.settings });
  const file = shown(manifestPath);
  const bytes = readManifest(manifestPath);
  const files = new Map([[file, manifestPath], [settingsFile, settingsPath], ...(workspace === undefined || misplaced.length === 0 ? [] : [[shown(workspace.path), workspace.path] as const])]);
  const { manifest, findings: textFindings } = parseManifest(bytes, { file });
  if (manifest === undefined) return { project: undefined, findings: [...settingsFindings, ...textFindings], settingsFindings, files };

  const { program, isKnown } = chooseProgram(options.program, manifestPath, manifest, programs);
  const settings = settingsForProgram(parsedSettings.settings, program, options.variant);
  const platform = options.platform ?? settings.platform;
  const checked = checkManifest(manifest, { file, platform, program: isKnown ? program : undefined, programs });
  const findings = [...settingsFindings, ...inFileOrder([...textFindings, ...checked])];
  const project: Project = {
    manifestPath,
    manifest,
    manifestSha256: digestBytes(bytes).sha256,
    placeOf: (keys, part) => placeInManifest(manifest, file, keys, part),
    program,
    platform,
    settings,
    crateFolder: crate?.folder,
    baseFolder: resolve(settings.base === undefined ? dirname(manifestPath) : join(crate?.folder ?? dirname(manifestPath), settings.base)),
    workspaceRoot,
    allowedIn: { file: settingsFile, keys: allowKeys(parsedSettings.settings, program, options.variant) },
    findings,
  };
  return { project, findings, settingsFindings, files };
}

/** Where the list of allowed findings stands that is in force. */
function allowKeys({ programs, variants }: Settings, program: string, variant: string | undefined): Keys {
  if (variant !== undefined && variants?.[variant]?.allow !== undefined) return ['variants', variant, 'allow'];
  return programs?.[program]?.allow === undefined ? ['allow'] : ['programs', program, 'allow'];
}

/** Findings with the settings' allowances applied; thrown when an error is left. @throws PVM_BAD_MANIFEST */
export async function judgeFindings(project: Project, findings: readonly Finding[]): Promise<readonly Finding[]> {
  const { crateFolder, allowedIn, settings } = project;
  const cargoToml = crateFolder === undefined ? undefined : join(crateFolder, 'Cargo.toml');
  const judged = await placeSettings(applyAllowed(findings, settings.allow, allowedIn), (file) => (file === allowedIn.file ? textOf(cargoToml) : undefined));
  if (hasErrors(judged)) throw manifestError(judged);
  return judged;
}

function textOf(path: string | undefined): string | undefined {
  return path === undefined ? undefined : readFileSync(path, 'utf8');
}

interface ReadCrate {
  readonly folder: string;
  readonly cargoToml: string;
  readonly table: TomlTable;
  /** `[package.metadata]`. */
  readonly metadata: TomlTable;
  readonly problem: CrateProblem | undefined;
}

/** The nearest package at or above a folder. */
function readCrate(start: string, workspaceRoot: string): ReadCrate | undefined {
  for (let folder = resolve(start); ; folder = dirname(folder)) {
    const path = join(folder, 'Cargo.toml');
    const toml = readCargoToml(path);
    if (toml?.problem !== undefined || toml?.table.package !== undefined) {
      const { table, problem } = toml;
      return { folder, cargoToml: path, table, metadata: asTable(asTable(table.package).metadata), problem };
    }
    if (folder === workspaceRoot || folder === dirname(folder)) return undefined;
  }
}

function tomlFinding({ message, line, column }: CrateProblem, file: string): Finding {
  const place = { file, ...(line === undefined ? {} : { line }), ...(column === undefined ? {} : { column }) };
  return { code: 'syntax', severity: 'error', message: `The file is no TOML: ${message}`, hint: 'Correct it there: cargo cannot read it either.', place };
}

/**
 * The program that a manifest is for: as the manifest's name says, `<program>.vm.json`; else the crate's only one; else its `Program`, or its own
 * stem, as in `my_prover.json`. It is known where it was given or where nothing else can be meant.
 */
function chooseProgram(given: string | undefined, manifestPath: string, manifest: Manifest, programs: readonly string[]): { program: string; isKnown: boolean } {
  const file = basename(manifestPath);
  const named = given ?? /^(.+)\.vm\.json$/.exec(file)?.[1];
  if (named !== undefined) return { program: named, isKnown: true };
  const [only] = programs;
  if (file === 'vm.json' && only !== undefined && programs.length === 1) return { program: only, isKnown: true };
  const program = manifest.Program?.split('/').pop() ?? file.replace(/\.json$/, '');
  return { program, isKnown: programs.length === 0 };
}
