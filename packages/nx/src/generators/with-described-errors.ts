import type { GeneratorCallback, Tree } from '@nx/devkit';
import { isPackageVmError } from '@package-vm/errors';

type Generator<Options> = (tree: Tree, options: Options) => Promise<GeneratorCallback>;

/** A generator as Nx calls it: of an error Nx prints the message alone, so the message has code and hint too. */
export function withDescribedErrors<Options>(generator: Generator<Options>): Generator<Options> {
  return async (tree, options) => {
    try {
      return await generator(tree, options);
    } catch (error) {
      // e.g. of a package.json that is no JSON: Nx tells these itself
      if (!isPackageVmError(error)) throw error;
      const { describeError } = await import('../executors/run-operation.js');
      throw new Error(describeError(error), { cause: error });
    }
  };
}
