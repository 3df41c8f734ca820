import { PackageVmError } from '@package-vm/errors';
import { distance } from 'fastest-levenshtein';
import { realpathSync } from 'node:fs';
import { dirname } from 'node:path';
import { type CargoMetadata, type MetadataPackage } from './cargo-metadata.js';
import { type CargoPackage } from './cargo-package.js';

export interface PackageChoice {
  readonly manifestPath: string;
  readonly program: string | undefined;
}

interface Candidate {
  readonly package: MetadataPackage;
  readonly bin: string;
}

/**
 * Chooses the package of a `Cargo.toml` and its program. In a workspace root without a package all members are searched.
 *
 * @throws PVM_NO_SUCH_PROGRAM, PVM_SEVERAL_PROGRAMS
 */
export function choosePackage(metadata: CargoMetadata, choice: PackageChoice): CargoPackage {
  const manifestPath = realpathSync(choice.manifestPath);
  const own = metadata.packages.filter((found) => realpathSync(found.manifest_path) === manifestPath);
  const candidates = (own.length > 0 ? own : metadata.packages).flatMap((found) => binsOf(found).map((bin) => ({ package: found, bin })));
  const { package: chosen, bin } = chooseCandidate(candidates, metadata, choice);
  return {
    name: chosen.name,
    version: chosen.version,
    // before 1.77 a package id was no specification of a package
    spec: chosen.id.includes('#') ? chosen.id : `${chosen.name}@${chosen.version}`,
    manifestPath: chosen.manifest_path,
    folder: dirname(chosen.manifest_path),
    targetDir: metadata.target_directory,
    buildDir: metadata.build_directory ?? metadata.target_directory,
    workspaceRoot: metadata.workspace_root,
    bins: binsOf(chosen),
    program: bin,
    metadata: chosen.metadata?.['package-vm'],
  };
}

function chooseCandidate(candidates: readonly Candidate[], metadata: CargoMetadata, choice: PackageChoice): Candidate {
  const matching = choice.program === undefined ? defaults(candidates) : candidates.filter(({ bin }) => bin === choice.program);
  const [first, second] = matching;
  if (first === undefined) throw noSuchProgram(candidates, metadata, choice);
  if (second !== undefined) throw severalPrograms(matching, choice);
  return first;
}

/** The programs among which no choice was made: `default-run` is the package's own choice. */
function defaults(candidates: readonly Candidate[]): readonly Candidate[] {
  const chosen = candidates.filter(({ package: { default_run: name }, bin }) => name === bin);
  return chosen.length > 0 ? chosen : candidates;
}

function binsOf(found: MetadataPackage): readonly string[] {
  return found.targets.filter(({ kind }) => kind.includes('bin')).map(({ name }) => name);
}

function noSuchProgram(candidates: readonly Candidate[], metadata: CargoMetadata, { manifestPath, program }: PackageChoice): PackageVmError {
  if (candidates.length === 0 || program === undefined) {
    return new PackageVmError('PVM_NO_SUCH_PROGRAM', `\`${manifestPath}\` has no program`, { hint: 'Add `src/main.rs` or a `[[bin]]`.' });
  }
  const bins = candidates.map(({ bin }) => bin);
  const elsewhere = metadata.packages.find((found) => binsOf(found).includes(program));
  const near = bins.find((bin) => distance(bin, program) <= Math.max(1, Math.floor(program.length / 3)));
  return new PackageVmError('PVM_NO_SUCH_PROGRAM', `\`${manifestPath}\` has no program \`${program}\`, only ${list(bins)}`, {
    hint:
      elsewhere !== undefined
        ? `The package \`${elsewhere.name}\` in \`${dirname(elsewhere.manifest_path)}\` has it.`
        : near === undefined
          ? undefined
          : `Did you mean \`${near}\`?`,
    data: { programs: bins },
  });
}

function severalPrograms(matching: readonly Candidate[], { manifestPath, program }: PackageChoice): PackageVmError {
  const data = { programs: matching.map(({ package: { name }, bin }) => ({ package: name, program: bin })) };
  if (program !== undefined) {
    const names = matching.map(({ package: { name } }) => name);
    return new PackageVmError('PVM_SEVERAL_PROGRAMS', `Several packages of \`${manifestPath}\` have a program \`${program}\`: ${list(names)}`, {
      hint: 'Name the folder of one of them.',
      data,
    });
  }
  const bins = matching.map(({ bin }) => bin);
  return new PackageVmError('PVM_SEVERAL_PROGRAMS', `\`${manifestPath}\` has several programs: ${list(bins)}`, { hint: 'Name one with `--bin`, under Nx with the option `program`.', data });
}

function list(names: readonly string[]): string {
  return names.map((name) => `\`${name}\``).join(', ');
}
