import { isPackageVmError } from '@package-vm/errors';
import { ownBuildDigest } from './fingerprint/own-build.js';
import { toolchainFingerprint } from './fingerprint/toolchain.js';

/**
 * The program behind the plugin's `{ runtime }` inputs, run by Nx in the root of its workspace. Prints one digest and nothing on
 * standard error, which would count too:
 *   toolchain <folder> [<path outside the Nx workspace>|<library>…]   what decides a build in that folder and is no file of the workspace
 *   self   the built files of this package
 *   ops    the real `ops` of this machine; where there is none, the code of the error with which the build will end
 */
const [question, folder = '.', ...unhashed] = process.argv.slice(2);
if (question === 'self') console.log(ownBuildDigest());
else if (question === 'ops') void opsVersion().then((version) => {
    console.log(version);
  });
else void toolchainFingerprint({ workspaceRoot: process.cwd(), folder, unhashed, env: process.env }).then((digest) => {
    console.log(digest);
  });

async function opsVersion(): Promise<string> {
  const { findOps, opsCacheKey } = await import('package-vm');
  try {
    return await opsCacheKey(findOps());
  } catch (error) {
    if (isPackageVmError(error)) return error.code;
    throw error;
  }
}
