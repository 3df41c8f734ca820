import { chmodSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export interface Recorded {
  readonly stdout?: string;
  readonly stderr?: string;
  readonly exitCode?: number;
}

/** A crate's folder with a `cargo` and a `rustc` on PATH that answer as recorded. */
export class StandInCargo {
  readonly folder = realpathSync(mkdtempSync(join(tmpdir(), 'stand-in-cargo-')));
  readonly crate = join(this.folder, 'crate');
  readonly cargoHome = join(this.folder, 'cargo-home');
  readonly env: Record<string, string>;

  constructor() {
    this.env = { PATH: `${join(this.folder, 'bin')}:/usr/bin:/bin`, HOME: this.folder, CARGO_HOME: this.cargoHome };
    this.write('crate/Cargo.toml', '');
    this.write('crate/Cargo.lock', '');
    this.answers('rustc', '-vV', { stdout: RUSTC_VERSION });
    this.answers('rustc', '--print sysroot', { stdout: `${join(this.folder, 'sysroot')}\n` });
    this.answers('rustc', '--print cfg', { stdout: 'unix\ntarget_os="linux"\ntarget_arch="x86_64"\n' });
  }

  /** Writes a file below the stand-in's folder. */
  write(path: string, text: string | Buffer): string {
    const file = join(this.folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    return file;
  }

  /** What a tool says when its arguments begin with these words. */
  answers(tool: string, first: string, { stdout = '', stderr = '', exitCode = 0 }: Recorded): void {
    this.write(`answers/${tool} ${first}.out`, stdout);
    this.write(`answers/${tool} ${first}.err`, stderr);
    this.write(`answers/${tool} ${first}.code`, String(exitCode));
    chmodSync(
      this.write(
        `bin/${tool}`,
        `#!/bin/sh
if [ "${tool}" != rustc ]; then { pwd; printf '%s\\n' "$@"; printf 'incremental=%s\\nflags=%s' "$CARGO_INCREMENTAL" "$CARGO_ENCODED_RUSTFLAGS"; } > '${this.folder}/call'; fi
cd '${this.folder}/answers'
answer="${tool} $1"
if [ "$1" = --print ]; then answer="$answer $2"; fi
cat "$answer.out"
cat "$answer.err" >&2
exit "$(cat "$answer.code")"
`,
      ),
      0o755,
    );
  }

  /** What `cargo metadata` says of packages with these programs. */
  hasPackages(packages: Readonly<Record<string, readonly string[]>>, defaultRun?: string): void {
    const described = Object.entries(packages).map(([path, bins]) => ({
      name: path.split('/').at(-1),
      version: '0.1.0',
      id: `path+file://${this.folder}/${path}#0.1.0`,
      manifest_path: join(this.folder, path, 'Cargo.toml'),
      default_run: defaultRun ?? null,
      targets: [{ name: 'a_library', kind: ['lib'] }, ...bins.map((name) => ({ name, kind: ['bin'] }))],
      metadata: { 'package-vm': { platform: 'nanos' } },
    }));
    for (const path of Object.keys(packages)) this.write(`${path}/Cargo.toml`, '');
    const metadata = { packages: described, workspace_root: this.crate, target_directory: join(this.folder, 'target') };
    this.answers('cargo', 'metadata', { stdout: JSON.stringify(metadata) });
  }

  /** How cargo, or what takes its place, was called the last time. */
  lastCall(): { readonly folder: string; readonly args: readonly string[]; readonly flags: readonly string[]; readonly incremental: string } {
    const [folder = '', ...lines] = readFileSync(join(this.folder, 'call'), 'utf8').split('\n');
    const flags = (lines.pop() ?? '').slice('flags='.length);
    const incremental = (lines.pop() ?? '').slice('incremental='.length);
    return { folder, args: lines, incremental, flags: flags === '' ? [] : flags.split('\x1f') };
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }
}

const RUSTC_VERSION = `rustc 1.95.0 (59807616e 2026-04-14)
binary: rustc
commit-hash: 59807616e1fa2540724bfbac14d7976d7e4a3860
commit-date: 2026-04-14
host: x86_64-unknown-linux-gnu
release: 1.95.0
`;
