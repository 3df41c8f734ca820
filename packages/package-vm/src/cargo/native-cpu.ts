import { PackageVmError } from '@package-vm/errors';
import { type NamedFlags } from './compiler-flags.js';

const REASON = 'the program would hold instructions of the CPU it is built on, and end with an illegal instruction on a node that lacks them; the same sources would give another program on another machine';

// `-Ctarget-cpu=native`, `-C target-cpu=native` and the long form of both; `-march=native` and its kind, `-arch=native` of nvcc
const NATIVE = /^(?:(?:-C|--codegen=)?target[-_]cpu=native|-m?(?:arch|cpu|tune)=native)$/;

/**
 * Refuses flags that build for whatever CPU does the building, of rustc and of C compilers.
 *
 * @throws PVM_NATIVE_CPU
 */
export function refuseNativeCpu(sources: readonly NamedFlags[]): void {
  for (const { flags, origin } of sources) {
    const flag = flags.find((word) => NATIVE.test(word));
    if (flag !== undefined) throw nativeCpu(flag.replace(/^(-C|--codegen=)/, ''), origin);
  }
}

function nativeCpu(flag: string, origin: string): PackageVmError {
  return new PackageVmError('PVM_NATIVE_CPU', `\`${flag}\` in \`${origin}\`: ${REASON}`, {
    hint: `Name a CPU that every node has, e.g. \`${flag.replace('native', flag.startsWith('-mtune') ? 'generic' : 'x86-64-v3')}\`.`,
  });
}
