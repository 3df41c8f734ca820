import { PackageVmError } from '@package-vm/errors';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type CargoPackage } from './cargo-package.js';

export interface CargoFailure {
  readonly package: CargoPackage;
  readonly command: string;
  readonly exitCode: number | undefined;
  readonly signal: string | undefined;
  readonly stderr: string;
  /** The end of `stderr`. */
  readonly tail: string;
}

/** What cargo's own words mean. Its whole text was streamed already; the end of it is in `data`. */
export function cargoFailure(failure: CargoFailure): PackageVmError {
  const { package: built, command, exitCode, signal, stderr, tail } = failure;
  const data = { exitCode, signal, stderr: tail };
  // cargo 1.95: "cannot create|update the lock file …", before: "the lock file … needs to be updated"
  if (/lock file .* because --locked was passed|lock file .* needs to be updated but --locked was passed/.test(stderr)) return lockFailure(built, data);
  if (/could not compile|failed to run custom build command/.test(stderr)) {
    return new PackageVmError('PVM_COMPILE_FAILED', `cargo could not compile \`${built.program}\` of the package \`${built.name}\``, { hint: compileHint(stderr), data });
  }
  const how = signal === undefined ? `ended with exit code ${String(exitCode)}` : `was ended by ${signal}`;
  return new PackageVmError('PVM_CARGO_FAILED', `\`${command}\` ${how}${tail === '' ? '' : `:\n${tail}`}`, { data });
}

function lockFailure({ workspaceRoot }: CargoPackage, data: Readonly<Record<string, unknown>>): PackageVmError {
  const file = join(workspaceRoot, 'Cargo.lock');
  return existsSync(file)
    ? new PackageVmError('PVM_CARGO_LOCK', `\`${file}\` is out of date: it does not fit the \`Cargo.toml\` files`, {
        hint: 'Run `cargo update --workspace` there and commit the file.',
        data,
      })
    : new PackageVmError('PVM_CARGO_LOCK', `\`${file}\` is missing`, { hint: 'Run `cargo generate-lockfile` there and commit the file.', data });
}

const COMPILE_HINTS: readonly (readonly [RegExp, (name: string) => string])[] = [
  [/the `([^`]+)` target may not be installed/, (target) => `Install the target with \`rustup target add ${target}\`.`],
  [/linker `([^`]+)` not found/, (linker) => `Install the linker \`${linker}\`, e.g. with \`apt-get install gcc\`.`],
];

function compileHint(stderr: string): string | undefined {
  for (const [pattern, hint] of COMPILE_HINTS) {
    const name = pattern.exec(stderr)?.[1];
    if (name !== undefined) return hint(name);
  }
  return undefined;
}
