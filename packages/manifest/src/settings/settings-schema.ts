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
      env: z.string().regex(/^[^=\s]+$/, 'must be the name of a variable').meta({ description: 'Name of an environment variable; `*` stands for any characters.', examples: ['PARAMS_VERSION'] }),
      runtime: name.meta({ description: 'A command whose output counts, run in the Nx workspace.', examples: ['git rev-parse HEAD'] }),
      task: z.string().regex(/^[^\s:]\S*:\S+$/, 'must be `<project>:<target>`').meta({ description: 'An Nx task that makes files which the build reads; it runs before.', examples: ['keys:make'] }),
      files: name.meta({ description: 'Which files of that Nx task count: a path or a pattern, relative to `Cargo.toml`; all of them unless given.', examples: ['keys/*.bin'] }),
    })
    .partial(),
]);

/** What one program can be told: for all programs of a package, for one (`programs`), or for a variant. */
const programSettings = z
  .strictObject({
    manifest: hostPath.meta({ description: 'Path of the manifest, relative to `Cargo.toml`.', examples: ['deploy/prover.json'] }),
    base: hostPath.meta({ description: 'Folder that the manifest’s relative paths start from, relative to `Cargo.toml`; the manifest’s own unless given.', examples: ['..'] }),
    features: z.array(name).meta({ description: 'Features that cargo turns on.', examples: [['fast']] }),
    noDefaultFeatures: z.boolean().meta({ description: 'Turns cargo’s default features off.', examples: [true] }),
    profile: z.string().regex(/^[\w-]+$/, 'must be the name of a cargo profile').meta({ description: 'Cargo profile; `release` unless given.', examples: ['release-lto'] }),
    target: z
      .string()
      .regex(/^[\w.]+(-[\w.]+)+$/, 'must be a target triple, e.g. `x86_64-unknown-linux-musl`')
      .meta({ description: 'Cargo target; cargo’s own unless given.', examples: ['x86_64-unknown-linux-musl'] }),
    sysroot: hostPath.meta({ description: 'Folder in which shared libraries are looked for, instead of this machine’s.', examples: ['sysroot'] }),
    extraLibraries: z.array(name).meta({ description: 'Shared libraries that the program opens while it runs.', examples: [['libnss_dns.so.2']] }),
    inputs: z
      .array(input)
      .meta({ description: 'What the build reads beside its sources, for the cache: paths, folders and patterns relative to `Cargo.toml`, `{ env = "NAME" }`, `{ runtime = "command" }`, `{ task = "project:target", files = "keys/*.bin" }`.', examples: [['params/**', { env: 'PARAMS_VERSION' }]] }),
    platform: z.enum(['gevulot', 'nanos'], 'must be `gevulot` or `nanos`').meta({ description: 'Where the image will run; `gevulot` unless given.', examples: ['nanos'] }),
    nanosVersion: z.string().regex(/^[\w.-]+$/, 'must be a Nanos version, e.g. `0.1.54`').meta({ description: 'Nanos version; the locked one unless given.', examples: ['0.1.54'] }),
    resources: z
      .strictObject({
        cpus: wholeNumber(1, 256).meta({ description: 'Processors; 2 unless given, as at a node.', examples: [4] }),
        memoryMiB: wholeNumber(1, 16_777_216).meta({ description: 'Memory in MiB; 2048 unless given, as at a node.', examples: [4096] }),
        gpus: wholeNumber(0, 1).meta({ description: 'GPUs; none but 0 is supported so far.', examples: [0] }),
      })
      .partial()
      .meta({ description: 'What the program gets where it runs.', examples: [{ cpus: 4, memoryMiB: 4096 }] }),
    allow: z
      .array(
        z.strictObject({
          finding: name.meta({ description: 'Code of the finding.', examples: ['no-network'] }),
          reason: z.string().regex(/\S/, 'must say why').meta({ description: 'Why it is accepted.', examples: ['the image also runs elsewhere'] }),
        }),
      )
      .meta({ description: 'Findings that do not stop a build.', examples: [[{ finding: 'no-network', reason: 'the image also runs elsewhere' }]] }),
    cargoCommand: z.array(name).min(1, 'must name a command').meta({ description: 'Command instead of `cargo`, or with a subcommand instead of `cargo build`, e.g. `["cargo", "zigbuild"]`.', examples: [['cargo', 'zigbuild']] }),
    allowOutside: z.array(hostPath).meta({ description: 'Folders outside the Nx workspace from which files may be packed; not supported so far.', examples: [['../params']] }),
  })
  .partial();

/** `[package.metadata.package-vm]` of a `Cargo.toml`. */
export const settingsSchema = programSettings
  .extend({
    programs: z.record(name, programSettings).meta({ description: 'Settings of single programs; they replace those above.', examples: [{ my_verifier: { profile: 'release-small' } }] }),
    variants: z
      .record(z.string().regex(/^[\w-]+$/, 'must consist of letters, digits, `-` and `_`'), programSettings)
      .meta({ description: 'Named variants, e.g. `debug`; their settings replace those above and those of a program.', examples: [{ debug: { profile: 'dev' } }] }),
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
