import { MissingToolError, PackageVmError } from '@package-vm/errors';
import { type ProgramResult, runProgram } from '@package-vm/process';

export interface CargoCall {
  readonly args: readonly string[];
  /** Decides the toolchain (rustup) and the configuration files (cargo). */
  readonly folder: string;
  /** The whole environment; default: this process's. */
  readonly env?: Environment | undefined;
  /** Each line of standard output, as it comes. */
  readonly onLine?: (line: string) => void;
  /** Standard error, as it comes. */
  readonly onOutput?: ((text: string) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

export type Environment = Readonly<Record<string, string | undefined>>;

const RUSTUP = 'curl --proto =https -sSf https://sh.rustup.rs | sh';

/** Runs `cargo` and gives its result whatever its exit code. @throws PVM_MISSING_TOOL, PVM_CANCELLED */
export function runCargo(call: CargoCall): Promise<ProgramResult> {
  return runRustTool('cargo', call);
}

/** Runs a tool of the Rust toolchain: `cargo`, `rustc` or what stands in for them. @throws PVM_MISSING_TOOL, PVM_CANCELLED */
export async function runRustTool(program: string, call: CargoCall): Promise<ProgramResult> {
  const decoder = new TextDecoder();
  const { onLine, onOutput } = call;
  const result = await runProgram({
    program,
    args: call.args,
    cwd: call.folder,
    ...(call.env === undefined ? {} : { env: call.env }),
    ...(call.signal === undefined ? {} : { signal: call.signal }),
    ...(onLine === undefined
      ? {}
      : {
          onLine: (line, stream) => {
            if (stream === 'stdout') onLine(line);
          },
        }),
    ...(onOutput === undefined
      ? {}
      : {
          onOutput: (chunk, stream) => {
            if (stream === 'stderr') onOutput(decoder.decode(chunk, { stream: true }));
          },
        }),
    accept: 'any',
    missing: { purpose: 'build Rust programs', install: RUSTUP },
  });
  if (result.exitCode !== 0) refuseMissingToolchain(program, call.folder, result.stderr);
  return result;
}

// rustup's proxies are on PATH also when the toolchain behind them is not installed
const NO_TOOLCHAIN = /toolchain '([^']+)' is not installed|is not installed for the toolchain '([^']+)'|could not choose a version of/;

function refuseMissingToolchain(program: string, folder: string, stderr: string): void {
  const match = NO_TOOLCHAIN.exec(stderr);
  if (match === null) return;
  const toolchain = match[1] ?? match[2];
  if (toolchain === undefined) throw new MissingToolError({ tool: program, purpose: 'build Rust programs', install: 'rustup default stable' });
  throw new PackageVmError('PVM_MISSING_TOOL', `The Rust toolchain \`${toolchain}\`, selected in \`${folder}\`, is not installed`, {
    hint: `Install it with \`rustup toolchain install ${toolchain}\`.`,
  });
}
