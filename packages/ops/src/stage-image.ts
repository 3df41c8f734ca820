import { PackageVmError, errorCodeOf } from '@package-vm/errors';
import { constants, copyFileSync, linkSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, isAbsolute, join, relative } from 'node:path';
import { networkFlags, opsConfiguration } from './configuration.js';
import { decoyProgram } from './decoy.js';
import { type OpsHome } from './ops-home.js';
import { type OpsContent, type OpsFile, type OpsImage } from './ops-image.js';
import { placeFiles } from './place-files.js';

/**
 * Puts an image's content where ops finds it, as links: nothing large is copied. Gives the arguments of ops. Beside ops's home there are
 *   work/      where ops runs; files are named in `Files`, and links to those of this machine are followed there
 *   tree/      what `MapDirs` takes as it is: folders, links, the program
 *   shadow/    stands for the root of the machine (`TargetRoot`), where ops looks first whether something exists: a file for each link of the
 *              image, so that no link is followed on this machine
 *   manifest/  the configuration; a file beside it for each mount, since ops numbers mounts anew unless there is one (onprem_volume.go)
 *
 * @throws PVM_OPS_UNSUPPORTED
 */
export function stageImage(image: OpsImage, home: OpsHome): { readonly args: readonly string[] } {
  const at = (...parts: readonly string[]): string => join(home.folder, ...parts);
  for (const folder of ['tree', 'shadow/root', 'manifest']) mkdirSync(at(folder), { recursive: true });
  const programPath = join('/', image.program);
  const decoy = decoyPath(image.program, home);
  const files: OpsFile[] = [];
  for (const entry of image.entries) {
    if (entry.kind === 'directory') mkdirSync(at('tree', entry.path), { recursive: true });
    else if (entry.kind === 'link') {
      makeParent(at('tree', entry.path));
      symlinkSync(entry.target, at('tree', entry.path));
      writeInto(at('shadow/tree', entry.path), '');
    } else if (entry.path === programPath) placeAsFile(entry.content, at('tree', entry.path));
    else files.push(entry);
  }
  placeFiles([...files, { path: `/${relative(home.workingFolder, decoy)}`, content: { bytes: decoyProgram() } }], home.workingFolder);
  for (const key of Object.keys(image.mounts).filter((name) => !name.includes('/'))) writeFileSync(at('manifest', key), '');
  placeFiles(image.release.files.map(({ name, content }) => ({ path: `/${name}`, content })), join(home.dotOps, image.release.version));
  // written last: a mount may have its name
  const configuration = opsConfiguration(image, { tree: '../tree', targetRoot: TARGET_ROOT, files: files.map(({ path }) => path.slice(1)) });
  writeFileSync(at('manifest/vm.json'), `${JSON.stringify(configuration, null, 2)}\n`);
  const flags = ['-c', '../manifest/vm.json', '--imagename', IMAGE_NAME, '--nanos-version', image.release.version, ...networkFlags(image)];
  return { args: ['build', relative(home.workingFolder, decoy), ...flags] };
}

/** The name under which ops keeps the image in its home. */
export const IMAGE_NAME = 'image';

const TARGET_ROOT = '../shadow/root';

/** Where ops looks for the program: an absolute one below the root of the machine. */
function decoyPath(program: string, home: OpsHome): string {
  const path = join(home.workingFolder, ...(isAbsolute(program) ? [TARGET_ROOT] : []), program);
  const folder = isAbsolute(program) ? join(home.workingFolder, TARGET_ROOT) : home.workingFolder;
  if (path.startsWith(`${folder}/`)) return path;
  throw new PackageVmError('PVM_OPS_UNSUPPORTED', `\`Program\` is \`${program}\`, which leads out of the folder where ops runs`, {
    hint: 'Give the name of the program alone, or use the builtin engine.',
  });
}

/** A file of its own name, where a link would be taken as it is: the same file once more if the file system allows, else a copy. */
function placeAsFile(content: OpsContent, path: string): void {
  makeParent(path);
  if ('bytes' in content) {
    writeFileSync(path, content.bytes);
    return;
  }
  try {
    linkSync(content.hostPath, path);
  } catch (error) {
    // another file system, or a file of another user
    if (!['EXDEV', 'EPERM', 'EMLINK', 'ENOTSUP', 'EOPNOTSUPP'].includes(errorCodeOf(error) ?? '')) throw error;
    copyFileSync(content.hostPath, path, constants.COPYFILE_FICLONE);
  }
}

function writeInto(path: string, content: string | Uint8Array): void {
  makeParent(path);
  writeFileSync(path, content);
}

function makeParent(path: string): void {
  mkdirSync(dirname(path), { recursive: true });
}
