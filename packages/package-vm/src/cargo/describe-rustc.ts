import { type CfgValues } from './cfg-expression.js';
import { type CargoCall, runRustTool } from './run-cargo.js';

/** The compiler that a folder selects. */
export interface Rustc {
  /** E.g. `rustc 1.95.0 (59807616e 2026-04-14)`. */
  readonly version: string;
  readonly commitHash: string | undefined;
  /** Target triple of the machine. */
  readonly host: string;
  readonly sysroot: string;
  /** Of the target that was asked for, empty for a target it does not know. */
  readonly cfg: CfgValues;
}

export interface RustcCall extends Omit<CargoCall, 'args'> {
  /** Name or path of the compiler. */
  readonly program: string;
  /** Default: the machine. */
  readonly target: string | undefined;
}

/** Asks the compiler who it is and for what it builds. @throws PVM_MISSING_TOOL, PVM_CANCELLED */
export async function describeRustc({ program, target, ...call }: RustcCall): Promise<Rustc> {
  const [version, sysroot, cfg] = await Promise.all([
    runRustTool(program, { ...call, args: ['-vV'] }),
    runRustTool(program, { ...call, args: ['--print', 'sysroot'] }),
    runRustTool(program, { ...call, args: ['--print', 'cfg', ...(target === undefined ? [] : ['--target', target])] }),
  ]);
  const field = (name: string): string | undefined => new RegExp(`^${name}: (.+)$`, 'm').exec(version.stdout)?.[1];
  const commitHash = field('commit-hash');
  return {
    version: version.stdout.split('\n', 1)[0] ?? '',
    commitHash: commitHash === 'unknown' ? undefined : commitHash,
    host: field('host') ?? '',
    sysroot: sysroot.stdout.trim(),
    cfg: new Set(cfg.exitCode === 0 ? cfg.stdout.split('\n').filter((line) => line !== '') : []),
  };
}
