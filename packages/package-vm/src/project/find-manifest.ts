import { PackageVmError } from '@package-vm/errors';
import { type Settings, settingsForProgram } from '@package-vm/manifest';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

export interface FindManifestOptions {
  /** Folder of the `Cargo.toml`, absolute. */
  readonly folder: string;
  readonly program?: string | undefined;
  readonly variant?: string | undefined;
  readonly settings: Settings;
}

/**
 * The manifest of a program: as the settings name it, else `<program>.vm.json`, else `vm.json` beside the `Cargo.toml`.
 * Without a program the only `*.vm.json` will do.
 *
 * @throws PVM_NO_MANIFEST, PVM_NO_SUCH_VARIANT
 */
export function findManifest({ folder, program, variant, settings }: FindManifestOptions): string {
  const named = settingsForProgram(settings, program ?? '', variant).manifest;
  if (named !== undefined) return join(folder, named);
  const candidates = [...(program === undefined ? [] : [`${program}.vm.json`]), 'vm.json'];
  const found = candidates.find((name) => existsSync(join(folder, name)));
  if (found !== undefined) return join(folder, found);
  const others = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.vm.json')).sort() : [];
  const [only] = others;
  if (program === undefined && others.length === 1 && only !== undefined) return join(folder, only);
  throw new PackageVmError('PVM_NO_MANIFEST', `There is no manifest in \`${folder}\`: looked for ${candidates.map((name) => `\`${name}\``).join(' and ')}`, {
    hint: others.length > 0 ? `Name one of ${others.map((name) => `\`${name}\``).join(', ')} with \`-c\`.` : 'Create one with `package-vm init`, or name it with `-c`.',
  });
}
