import { PackageVmError } from '@package-vm/errors';
import { type Platform } from '../rules/check.js';
import { type AllowedFinding, type InputSetting, type Settings, type SettingsOfOneProgram } from './settings-schema.js';

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
  /** Paths, folders and patterns that the build reads. */
  readonly inputs: readonly string[];
  /** Variables that it reads; `*` stands for any characters. */
  readonly inputVariables: readonly string[];
  /** Commands whose output counts, run in the Nx workspace. */
  readonly inputCommands: readonly string[];
  /** Nx tasks (`project:target`) that make what it reads; `files` undefined: all that they make. */
  readonly inputTasks: readonly { readonly task: string; readonly files: string | undefined }[];
  /** Undefined: `cargo`. */
  readonly cargoCommand: readonly string[] | undefined;
  readonly platform: Platform;
  /** Undefined: the version that the lock has, where there is one. */
  readonly nanosVersion: string | undefined;
  /** Defaults are those of a node (gevulot crates/node/src/types/program.rs:18-25). */
  readonly resources: { readonly cpus: number; readonly memoryMiB: number };
  readonly allow: readonly AllowedFinding[];
}

/**
 * The settings of a program: those of the package, replaced key by key by `programs.<name>`, then by `variants.<variant>`; within
 * `resources` key by key too.
 *
 * @throws PVM_NO_SUCH_VARIANT
 */
export function settingsForProgram(settings: Settings, programName: string, variant?: string): ProgramSettings {
  const layers = [settings, ownValue(settings.programs, programName) ?? {}, variant === undefined ? {} : variantOf(settings, variant)];
  const { manifest, base, features = [], noDefaultFeatures = false, profile = 'release', target, sysroot, ...others } = Object.assign({}, ...layers) as Settings;
  const { extraLibraries = [], inputs = [], platform = 'gevulot', nanosVersion, allow = [], cargoCommand } = others;
  const { cpus = 2, memoryMiB = 2048 } = Object.assign({}, ...layers.map(({ resources }) => resources)) as NonNullable<Settings['resources']>;
  const resources = { cpus, memoryMiB };
  return { manifest, base, features, noDefaultFeatures, profile, target, sysroot, extraLibraries, ...sortInputs(inputs), cargoCommand, platform, nanosVersion, resources, allow };
}

function variantOf({ variants }: Settings, name: string): SettingsOfOneProgram {
  const variant = ownValue(variants, name);
  if (variant !== undefined) return variant;
  const names = Object.keys(variants ?? {}).map((other) => `\`${other}\``);
  throw new PackageVmError('PVM_NO_SUCH_VARIANT', `The settings have no variant \`${name}\`${names.length === 0 ? '' : `, only ${names.join(', ')}`}`, {
    hint: names.length === 0 ? `Add \`[package.metadata.package-vm.variants.${name}]\` to \`Cargo.toml\`.` : undefined,
  });
}

function sortInputs(inputs: readonly InputSetting[]): Pick<ProgramSettings, 'inputs' | 'inputVariables' | 'inputCommands' | 'inputTasks'> {
  const tables = inputs.filter((input) => typeof input !== 'string');
  return {
    inputs: inputs.filter((input) => typeof input === 'string'),
    inputVariables: tables.flatMap(({ env }) => env ?? []),
    inputCommands: tables.flatMap(({ runtime }) => runtime ?? []),
    inputTasks: tables.flatMap(({ task, files }) => (task === undefined ? [] : [{ task, files }])),
  };
}

function ownValue<T>(record: Readonly<Record<string, T>> | undefined, key: string): T | undefined {
  return record !== undefined && Object.hasOwn(record, key) ? record[key] : undefined;
}
