import { PackageVmError } from '@package-vm/errors';
import { type Environment } from './run-cargo.js';
import { type UserRustflags } from './user-rustflags.js';

const REASON = 'the program would hold instructions of the CPU it is built on, and end with an illegal instruction on a node that lacks them; the same sources would give another program on another machine';

/**
 * Refuses flags that build for whatever CPU does the building, in the compiler's flags and in those of C compilers.
 *
 * @throws PVM_NATIVE_CPU
 */
export function refuseNativeCpu({ flags, origin }: UserRustflags, env: Environment): void {
  // `-Ctarget-cpu=native`, `-C target-cpu=native` and the long form of both
  if (flags.some((flag) => /^(?:-C|--codegen=)?target[-_]cpu=native$/.test(flag))) throw nativeCpu('target-cpu=native', origin);
  for (const [name, value] of Object.entries(env)) {
    const flag = /(CFLAGS|CXXFLAGS|CPPFLAGS)/.test(name) ? /-m(?:arch|cpu|tune)=native/.exec(value ?? '')?.[0] : undefined;
    if (flag !== undefined) throw nativeCpu(flag, name);
  }
}

function nativeCpu(flag: string, origin: string): PackageVmError {
  return new PackageVmError('PVM_NATIVE_CPU', `\`${flag}\` in \`${origin}\`: ${REASON}`, {
    hint: `Name a CPU that every node has, e.g. \`${flag.replace('native', flag.startsWith('-mtune') ? 'generic' : 'x86-64-v3')}\`.`,
  });
}
