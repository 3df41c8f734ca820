import { type Finding, type Keys, type Manifest, type Place, type Platform, type ProgramSettings } from '@package-vm/manifest';
import { applyAllowed, checkManifest, inFileOrder, manifestError, parseManifest, parseSettings, placeInManifest, settingsError, settingsForProgram, hasErrors } from '@package-vm/manifest';
import { PackageVmError } from '@package-vm/errors';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { asTable, readCargoToml } from '../crate-graph/cargo-toml.js';
import { digestBytes } from '../host-files/digest-file.js';
import { findManifest } from './find-manifest.js';
import { findWorkspaceRoot } from './find-workspace-root.js';

export interface ProjectOptions {
  /** The manifest; default: the one beside the nearest `Cargo.toml` that the program's name or the settings choose. */
  readonly manifestPath?: string | undefined;
  /** A folder of the crate, or any path below it: where to look for settings and the manifest when it is not given. */
  readonly folder: string;
  /** Name of the program; default: what the manifest's name or its `Program` says. */
  readonly program?: string | undefined;
  readonly platform?: Platform | undefined;
  /** Default: the nearest folder above with an `nx.json` or a `.git`. */
  readonly workspaceRoot?: string | undefined;
}

/** A manifest with everything that decides how it is read. Paths are absolute. */
export interface Project {
  readonly manifestPath: string;
  readonly manifest: Manifest;
  readonly manifestSha256: string;
  readonly placeOf: (keys: Keys) => Place;
  readonly program: string;
  readonly platform: Platform;
  readonly settings: ProgramSettings;
  /** Folder of the `Cargo.toml` that the settings come from; undefined when there is none. */
  readonly crateFolder: string | undefined;
  /** Folder that the manifest's relative paths start from. */
  readonly baseFolder: string;
  readonly workspaceRoot: string;
  /** Findings about the settings and the manifest's text, in that order. */
  readonly findings: readonly Finding[];
}

/**
 * Reads settings and manifest of one program. What makes them unreadable is thrown with all findings; other findings, errors
 * too, are in the project.
 *
 * @throws PVM_BAD_SETTINGS, PVM_BAD_MANIFEST, PVM_NO_MANIFEST
 */
export function readProject(options: ProjectOptions): Project {
  const start = options.manifestPath === undefined ? options.folder : dirname(options.manifestPath);
  const workspaceRoot = options.workspaceRoot ?? findWorkspaceRoot(start);
  const { crateFolder, raw, cargoToml } = readRawSettings(start, workspaceRoot);
  const settingsFile = cargoToml ?? join(start, 'Cargo.toml');
  const shown = (path: string): string => relative(workspaceRoot, path);
  const parsedSettings = parseSettings(raw, { file: shown(settingsFile) });
  if (hasErrors(parsedSettings.findings)) throw settingsError(parsedSettings.findings);

  const manifestPath = options.manifestPath ?? findManifest({ folder: crateFolder ?? start, program: options.program, settings: parsedSettings.settings });
  const file = shown(manifestPath);
  const text = readManifestText(manifestPath);
  const { manifest, findings: textFindings } = parseManifest(text, { file });
  if (manifest === undefined) throw manifestError(textFindings);

  const program = options.program ?? programName(manifestPath, manifest);
  const settings = settingsForProgram(parsedSettings.settings, program);
  const platform = options.platform ?? settings.platform;
  const findings = [...parsedSettings.findings, ...inFileOrder([...textFindings, ...checkManifest(manifest, { file, platform, program })])];
  return {
    manifestPath,
    manifest,
    manifestSha256: digestBytes(new TextEncoder().encode(text)).sha256,
    placeOf: (keys) => placeInManifest(manifest, file, keys),
    program,
    platform,
    settings,
    crateFolder,
    baseFolder: resolve(settings.base === undefined ? dirname(manifestPath) : join(crateFolder ?? dirname(manifestPath), settings.base)),
    workspaceRoot,
    findings,
  };
}

/** Findings with the settings' allowances applied; thrown when an error is left. @throws PVM_BAD_MANIFEST */
export function judgeFindings(project: Project, findings: readonly Finding[]): readonly Finding[] {
  const judged = applyAllowed(findings, project.settings.allow);
  if (hasErrors(judged)) throw manifestError(judged);
  return judged;
}

/** `[package.metadata.package-vm]` of the nearest package at or above a folder. */
function readRawSettings(start: string, workspaceRoot: string): { crateFolder: string | undefined; cargoToml: string | undefined; raw: unknown } {
  for (let folder = resolve(start); ; folder = dirname(folder)) {
    const path = join(folder, 'Cargo.toml');
    const toml = readCargoToml(path);
    if (toml?.problem !== undefined) {
      const { message, line, column } = toml.problem;
      const place = line === undefined ? '' : `:${line}${column === undefined ? '' : `:${column}`}`;
      throw new PackageVmError('PVM_BAD_SETTINGS', `\`${path}${place}\` is no TOML: ${message}`);
    }
    if (toml?.table.package !== undefined) {
      return { crateFolder: folder, cargoToml: path, raw: asTable(asTable(toml.table.package).metadata)['package-vm'] ?? {} };
    }
    if (folder === workspaceRoot || folder === dirname(folder)) return { crateFolder: undefined, cargoToml: undefined, raw: {} };
  }
}

/** The manifest's name gives the program: `<program>.vm.json`; then its `Program`, then the manifest's own stem, as in `my_prover.json`. */
function programName(manifestPath: string, manifest: Manifest): string {
  const file = manifestPath.slice(manifestPath.lastIndexOf('/') + 1);
  const named = /^(.+)\.vm\.json$/.exec(file)?.[1];
  return named ?? manifest.Program?.split('/').pop() ?? file.replace(/\.json$/, '');
}

function readManifestText(path: string): string {
  if (!existsSync(path)) {
    throw new PackageVmError('PVM_NO_MANIFEST', `There is no manifest \`${path}\``, { hint: 'Create one with `package-vm init`, or name another with `-c`.' });
  }
  return readFileSync(path, 'utf8');
}
