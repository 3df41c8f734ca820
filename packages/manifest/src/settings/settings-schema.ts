import { z } from 'zod';
import { hostPath } from '../schema/values.js';

const name = z.string().min(1, 'must not be empty');

function wholeNumber(least: number, most: number): z.ZodInt {
  const rule = `must be a whole number from ${least} to ${most}`;
  return z.int(rule).min(least, rule).max(most, rule);
}

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
    inputs: z.array(name).describe('More files that the build reads, for the cache.'),
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
    cargoCommand: z.array(name).min(1, 'must name a command').describe('Command instead of `cargo`, e.g. `["cargo", "zigbuild"]`.'),
    allowOutside: z.array(hostPath).describe('Folders outside the Nx workspace from which files may be packed.'),
  })
  .partial();

/** `[package.metadata.package-vm]` of a `Cargo.toml`. */
export const settingsSchema = programSettings
  .extend({
    programs: z.record(name, programSettings).describe('Settings of single programs; they replace those above.'),
    variants: z.record(name, programSettings).describe('Named variants, e.g. `debug`.'),
  })
  .partial()
  .strict();

type Plain<T> = { readonly [Key in keyof T]: T[Key] extends object | undefined ? Plain<T[Key]> : T[Key] };

/** The settings as they are written: nothing is filled in. */
export type Settings = Plain<z.output<typeof settingsSchema>>;
/** The settings that `programs.<name>` may hold. */
export type SettingsOfOneProgram = Omit<Settings, 'programs' | 'variants'>;
export type AllowedFinding = NonNullable<Settings['allow']>[number];
