import { type Platform } from '../rules/check.js';
import { type AllowedFinding, type Settings } from './settings-schema.js';

/** The settings of one program, with defaults filled in. Paths are relative to the `Cargo.toml`. */
export interface ProgramSettings {
  /** Undefined: `vm.json` or `<program>.vm.json`. */
  readonly manifest: string | undefined;
  /** Undefined: the manifest's folder. */
  readonly base: string | undefined;
  readonly features: readonly string[];
  readonly noDefaultFeatures: boolean;
  readonly profile: string;
  readonly target: string | undefined;
  readonly sysroot: string | undefined;
  readonly extraLibraries: readonly string[];
  readonly inputs: readonly string[];
  readonly platform: Platform;
  /** Undefined: the version that the lock has, where there is one. */
  readonly nanosVersion: string | undefined;
  /** Defaults are those of a node (gevulot crates/node/src/types/program.rs:18-25). */
  readonly resources: { readonly cpus: number; readonly memoryMiB: number };
  readonly allow: readonly AllowedFinding[];
}

/** The settings of a program: those of the package, replaced key by key by `programs.<name>`; within `resources` key by key too. */
export function settingsForProgram(settings: Settings, programName: string): ProgramSettings {
  const programs = settings.programs ?? {};
  const own = Object.hasOwn(programs, programName) ? programs[programName] : undefined;
  const { manifest, base, features = [], noDefaultFeatures = false, profile = 'release', target, sysroot, ...others } = { ...settings, ...own };
  const { extraLibraries = [], inputs = [], platform = 'gevulot', nanosVersion, allow = [] } = others;
  const { cpus = 2, memoryMiB = 2048 } = { ...settings.resources, ...own?.resources };
  const resources = { cpus, memoryMiB };
  return { manifest, base, features, noDefaultFeatures, profile, target, sysroot, extraLibraries, inputs, platform, nanosVersion, resources, allow };
}
