import { z } from 'zod';
import { hostPath } from '../schema/values.js';

const name = z.string().min(1, 'must not be empty');

function wholeNumber(least: number, most: number): z.ZodInt {
  const rule = `must be a whole number from ${least} to ${most}`;
  return z.int(rule).min(least, rule).max(most, rule);
}

/** A file or folder, or one of what else a build may go by. */
const input = z.union([
  name,
  z
    .strictObject({
      env: z.string().regex(/^[^=\s]+$/, 'must be the name of a variable').describe('Name of an environment variable; `*` stands for any characters.'),
      runtime: name.describe('A command whose output counts, run in the Nx workspace.'),
      task: z.string().regex(/^[^\s:]\S*:\S+$/, 'must be `<project>:<target>`').describe('An Nx task that makes files which the build reads; it runs before.'),
      files: name.describe('Which files of that Nx task count: a path or a pattern, relative to `Cargo.toml`; all of them unless given.'),
    })
    .partial(),
]);

/** What one program can be told: for all programs of a package, for one (`programs`), or for a variant. */
const programSettings = z
  .strictObject({
    manifest: hostPath.describe('Path of the manifest, relative to `Cargo.toml`.'),
    base: hostPath.describe('Folder that the manifest’s relative paths start from, relative to `Cargo.toml`; the manifest’s own unless given.'),
    features: z.array(name).describe('Features that cargo turns on.'),
    noDefaultFeatures: z.boolean().describe('Turns cargo’s default features off.'),
    profile: z.string().regex(/^[\w-]+$/, 'must be the name of a cargo profile').describe('Cargo profile; `release` unless given.'),
    target: z
      .string()
      .regex(/^[\w.]+(-[\w.]+)+$/, 'must be a target triple, e.g. `x86_64-unknown-linux-musl`')
      .describe('Cargo target; cargo’s own unless given.'),
    sysroot: hostPath.describe('Folder in which shared libraries are looked for, instead of this machine’s.'),
    extraLibraries: z.array(name).describe('Shared libraries that the program opens while it runs.'),
    inputs: z
      .array(input)
      .describe('What the build reads beside its sources, for the cache: paths, folders and patterns relative to `Cargo.toml`, `{ env = "NAME" }`, `{ runtime = "command" }`, `{ task = "project:target", files = "keys/*.bin" }`.'),
    platform: z.enum(['gevulot', 'nanos'], 'must be `gevulot` or `nanos`').describe('Where the image will run; `gevulot` unless given.'),
    nanosVersion: z.string().regex(/^[\w.-]+$/, 'must be a Nanos version, e.g. `0.1.54`').describe('Nanos version; the locked one unless given.'),
    resources: z
      .strictObject({
        cpus: wholeNumber(1, 256).describe('Processors; 2 unless given, as at a node.'),
        memoryMiB: wholeNumber(1, 16_777_216).describe('Memory in MiB; 2048 unless given, as at a node.'),
        gpus: wholeNumber(0, 1).describe('GPUs; 0 unless given.'),
      })
      .partial()
      .describe('What the program gets where it runs.'),
    allow: z
      .array(
        z.strictObject({
          finding: name.describe('Code of the finding.'),
          reason: z.string().regex(/\S/, 'must say why').describe('Why it is accepted.'),
        }),
      )
      .describe('Findings that do not stop a build.'),
    cargoCommand: z.array(name).min(1, 'must name a command').describe('Command instead of `cargo`, or with a subcommand instead of `cargo build`, e.g. `["cargo", "zigbuild"]`.'),
    allowOutside: z.array(hostPath).describe('Folders outside the Nx workspace from which files may be packed.'),
  })
  .partial();

/** `[package.metadata.package-vm]` of a `Cargo.toml`. */
export const settingsSchema = programSettings
  .extend({
    programs: z.record(name, programSettings).describe('Settings of single programs; they replace those above.'),
    variants: z
      .record(z.string().regex(/^[\w-]+$/, 'must consist of letters, digits, `-` and `_`'), programSettings)
      .describe('Named variants, e.g. `debug`; their settings replace those above and those of a program.'),
  })
  .partial()
  .strict();

type Plain<T> = { readonly [Key in keyof T]: T[Key] extends object | undefined ? Plain<T[Key]> : T[Key] };

/** The settings as they are written: nothing is filled in. */
export type Settings = Plain<z.output<typeof settingsSchema>>;
/** The settings that `programs.<name>` may hold. */
export type SettingsOfOneProgram = Omit<Settings, 'programs' | 'variants'>;
/** An element of `inputs`. */
export type InputSetting = NonNullable<Settings['inputs']>[number];
export type AllowedFinding = NonNullable<Settings['allow']>[number];
