import { isPackageVmError } from '@package-vm/errors';
import { join } from 'node:path';
import { digestInput, digestLines } from './fingerprint/digests.js';
import { FileDigests } from './fingerprint/file-digests.js';
import { folderNames } from './fingerprint/folder-names.js';
import { readWords, wordsId } from './plugin/fingerprint-words.js';
import { ownBuildDigest } from './fingerprint/own-build.js';
import { toldParts } from './fingerprint/told-parts.js';
import { digestParts, toolchainParts } from './fingerprint/toolchain.js';
import { keepJson } from './plugin/keep-json.js';
import { workspaceDataFolder } from './plugin/workspace-data.js';

/**
 * The program behind the plugin's `{ runtime }` inputs, run by Nx in the root of its workspace. Prints one digest and nothing on
 * standard error, which would count too:
 *   toolchain <folder> [<word>…]   what decides a build in that folder and Nx may not hash; words as in `fingerprint-words.ts`
 *   files <path>…   files, folders and patterns
 *   names <folder>…   what is in folders that a manifest names, by name; as in `folder-names.ts`
 *   self   the built files of this package
 *   ops    the real `ops` of this machine; where there is none, the code of the error with which the build will end
 */
async function answer([question = '', ...words]: readonly string[]): Promise<string> {
  const workspaceRoot = process.cwd();
  if (question === 'self') return ownBuildDigest();
  if (question === 'ops') return opsVersion();
  if (question === 'names') return digestLines(words.flatMap((source) => folderNames(workspaceRoot, source)));
  // one memory for each question: Nx asks several at once
  const id = wordsId([question, ...words]);
  const digests = new FileDigests(join(workspaceDataFolder(workspaceRoot), `package-vm-${id}.json`));
  try {
    if (question === 'files') return digestLines(readWords(words).paths.flatMap((path) => digestInput(workspaceRoot, path, digests)));
    const [folder = '.', ...unhashed] = words;
    const parts = await toolchainParts({ workspaceRoot, folder, unhashed, env: process.env, digests });
    // for `package-vm explain`
    keepJson(join(workspaceDataFolder(workspaceRoot), `package-vm-parts-${id}.json`), toldParts(parts));
    return digestParts(parts);
  } finally {
    digests.save();
  }
}

async function opsVersion(): Promise<string> {
  const { findOps, opsCacheKey } = await import('package-vm');
  try {
    return await opsCacheKey(findOps());
  } catch (error) {
    if (isPackageVmError(error)) return error.code;
    throw error;
  }
}

void answer(process.argv.slice(2)).then((digest) => {
  console.log(digest);
});
