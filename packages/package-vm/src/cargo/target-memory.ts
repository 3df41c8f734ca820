import { existsSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { digestFile } from '../host-files/digest-file.js';
import { momentaryStampOf, stampOf } from '../host-files/file-stamp.js';
import { entriesOf, isFile, isInside } from './real-files.js';
import { type SourcePackage } from './source-packages.js';

/** What decides a build and cargo does not compare, as names with digests. */
export interface Unwatched {
  /** Of the machine: what compiles C, what links, what is linked with. A name that only one of two builds has tells nothing. */
  readonly machine: Digests;
  /** What the settings of this package name: its build script or a macro may read it without telling cargo. Files by their absolute paths. */
  readonly named: Digests;
}

export type Digests = Readonly<Record<string, string>>;

type KnownFile = readonly [stamp: string, digest: string];

interface Memory {
  readonly schemaVersion: 1;
  /** When the last build began, in milliseconds since 1970. */
  readonly beganMs: number;
  /** What builds read. The digest is empty where cargo has not yet built with what is there. */
  readonly files: Readonly<Record<string, KnownFile>>;
  /** By folder. */
  readonly packages: Readonly<Record<string, SourcePackage>>;
  readonly machine: Digests;
  /** By the folder of the package. */
  readonly named: Readonly<Record<string, Digests>>;
}

const EMPTY: Memory = { schemaVersion: 1, beganMs: 0, files: {}, packages: {}, machine: {}, named: {} };

/**
 * What a target folder was built from. Cargo takes a source for the same unless its time is later than the build, and never looks at
 * linkers, C compilers, vendored sources, or what a build script reads in silence: it would give the old program for new sources, to be kept under
 * their key. So what cargo would wrongly take for built is forgotten before it is asked.
 */
export class TargetMemory {
  readonly #folder: string;
  #memory: Memory;

  /** @param folder Cargo's build folder, absolute. */
  constructor(folder: string) {
    this.#folder = folder;
    this.#memory = readMemory(this.#path);
  }

  /** Lets cargo build again what is not as it was, by more than time; `packageFolder` is that of the package to be built. Who does not say what is unwatched leaves it as it was. */
  forgetStale(packageFolder: string, unwatched?: Unwatched): void {
    const old = this.#memory;
    const checked = Object.entries(old.files).map(([path, known]) => ({ path, known, now: look(path, known) }));
    const changed = checked.filter(({ known, now }) => now !== undefined && now[1] !== known[1]);
    const before = old.named[packageFolder];
    const { machine = {}, named = before } = unwatched ?? {};
    const isNamedStale = before !== undefined && named !== undefined && differences(before, named).some((name) => !Object.hasOwn(old.files, name));
    const isMachineStale = differences(old.machine, machine).some((name) => Object.hasOwn(old.machine, name) && Object.hasOwn(machine, name));
    const packages = Object.values(old.packages);
    const vendored = packages.filter(({ isVendored }) => isVendored);
    const goesUnseen = (path: string): boolean => isBefore(path, old.beganMs) || vendored.some(({ folder }) => isInside(path, folder));
    if (isMachineStale) forgetUnits(this.#folder, () => true);
    else if (isNamedStale || changed.some(({ path }) => goesUnseen(path))) {
      const names = new Set(packages.map(({ name }) => name));
      forgetUnits(this.#folder, (unit) => names.has(unit.replace(/-[0-9a-f]+$/, '')));
    }
    this.#keep({
      ...old,
      beganMs: Date.now(),
      files: Object.fromEntries(checked.flatMap(({ path, known, now }) => (now === undefined ? [] : [[path, now[1] === known[1] ? now : doubtful(path)]]))),
      machine: { ...old.machine, ...machine },
      named: named === undefined ? old.named : { ...old.named, [packageFolder]: named },
    });
  }

  /** Keeps what a build that succeeded read. */
  remember(files: readonly string[], packages: readonly SourcePackage[]): void {
    const { files: known } = this.#memory;
    const read = files.filter(isFile).flatMap((path) => {
      const now = look(path, known[path]?.[1] === '' ? undefined : known[path]);
      return now === undefined ? [] : [[path, now] as const];
    });
    this.#keep({ ...this.#memory, files: { ...known, ...Object.fromEntries(read) }, packages: { ...this.#memory.packages, ...Object.fromEntries(packages.map((one) => [one.folder, one])) } });
  }

  get #path(): string {
    return join(this.#folder, '.package-vm.json');
  }

  #keep(memory: Memory): void {
    this.#memory = memory;
    // cargo tags the folder only where it makes it
    if (!existsSync(this.#folder)) return;
    const temporary = `${this.#path}.${process.pid}`;
    writeFileSync(temporary, JSON.stringify(memory));
    renameSync(temporary, this.#path);
  }
}

function readMemory(path: string): Memory {
  try {
    const memory = JSON.parse(readFileSync(path, 'utf8')) as Memory | null;
    return memory?.schemaVersion === 1 ? memory : EMPTY;
  } catch {
    // none yet, or cut short
    return EMPTY;
  }
}

/** A file as it is now; undefined for none, which cargo notices. Read only where its stamp is another. */
function look(path: string, known: KnownFile | undefined): KnownFile | undefined {
  const stats = statSync(path, { bigint: true, throwIfNoEntry: false });
  if (stats?.isFile() !== true) return undefined;
  const stamp = stampOf(stats) ?? '';
  return stamp !== '' && stamp === known?.[0] ? known : [stamp, digestFile(path).sha256];
}

/** Cargo decides about it by its time, until it changes once more. */
function doubtful(path: string): KnownFile {
  return [momentaryStampOf(statSync(path, { bigint: true })), ''];
}

function isBefore(path: string, timeMs: number): boolean {
  return statSync(path).mtimeMs <= timeMs;
}

function differences(before: Digests, now: Digests): readonly string[] {
  return Object.keys({ ...before, ...now }).filter((name) => before[name] !== now[name]);
}

/** As deep as a guest program's units: `<triple>/<profile>/build/<unit>/out/target/<triple>/<profile>`. */
const DEPTH_MAX = 8;

/** Removes what cargo knows of units, by their names `<package>-<hash>`; of guest programs, which a build script builds, all of them. */
function forgetUnits(folder: string, isMeant: (unit: string) => boolean, depth = 0): void {
  for (const { name } of entriesOf(folder).filter((entry) => entry.isDirectory())) {
    const path = join(folder, name);
    if (name === '.fingerprint') {
      for (const unit of entriesOf(path)) if (isMeant(unit.name)) rmSync(join(path, unit.name), { recursive: true, force: true });
    } else if (depth < DEPTH_MAX && name !== 'deps') forgetUnits(path, name === 'out' ? () => true : isMeant, depth + 1);
  }
}
