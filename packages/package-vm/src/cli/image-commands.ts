import { printable } from '@package-vm/errors';
import { type Command } from 'commander';
import { resolve } from 'node:path';
import { type ListedEntry, type ReadImageFileOptions, listImage, readImageFile } from '../inspect/list-image.js';
import { type ImageDescription, describeImage } from '../inspect/describe-image.js';
import { type CommandContext } from './command-context.js';
import { formatBytes, writeJson } from './json.js';
import { type Terminal } from './terminal.js';
import { treeLines } from './tree-lines.js';

interface ImageFlags {
  readonly boot?: boolean;
  readonly json?: boolean;
  readonly recursive?: boolean;
}

/** `inspect`, `ls`, `tree` and `cat`: look into an image. They read images of other tools and bare TFS file systems too. */
export function registerImageCommands(program: Command, { terminal }: CommandContext): void {
  const at = (imagePath: string): string => resolve(terminal.cwd, imagePath);

  program
    .command('inspect')
    .description('Tell what an image is: digests, layout, how the program is started.')
    .argument('<image>')
    .option('--json', 'print as JSON')
    .action(async (image: string, flags: ImageFlags) => {
      const description = await describeImage(at(image));
      if (flags.json === true) await writeJson(terminal, description);
      else await terminal.out(describe(description));
    });

  program
    .command('ls')
    .description('List a folder of an image.')
    .argument('<image>')
    .argument('[path]', 'folder or file inside the image', '/')
    .option('-R, --recursive', 'go into folders')
    .option('--boot', 'look into the boot file system')
    .option('--json', 'print as JSON')
    .action(async (image: string, path: string, flags: ImageFlags) => {
      const entries = listImage({ imagePath: at(image), guestPath: path, isRecursive: flags.recursive ?? false, isBoot: flags.boot ?? false });
      if (flags.json === true) await writeJson(terminal, entries);
      else await terminal.out(entries.map(listLine).join(''));
    });

  program
    .command('tree')
    .description('Draw the files of an image as a tree.')
    .argument('<image>')
    .argument('[path]', 'folder inside the image', '/')
    .option('--boot', 'look into the boot file system')
    .option('--json', 'print as JSON')
    .action(async (image: string, path: string, flags: ImageFlags) => {
      const entries = listImage({ imagePath: at(image), guestPath: path, isRecursive: true, isBoot: flags.boot ?? false });
      if (flags.json === true) await writeJson(terminal, entries);
      else await terminal.out(treeLines(path, entries));
    });

  program
    .command('cat')
    .description('Write a file of an image to standard output.')
    .argument('<image>')
    .argument('<path>', 'file inside the image')
    .option('--boot', 'look into the boot file system')
    .option('--json', 'print as JSON, the content in base64')
    .action(async (image: string, path: string, flags: ImageFlags) => {
      const file = { imagePath: at(image), guestPath: path, isBoot: flags.boot ?? false };
      if (flags.json === true) await writeFileAsJson(terminal, file);
      else await readImageFile({ ...file, onPiece: (piece) => terminal.out(piece) });
    });
}

/** Piece by piece, as the file itself: it may be larger than a text can be. */
async function writeFileAsJson(terminal: Terminal, file: Omit<ReadImageFileOptions, 'onPiece'>): Promise<void> {
  let isBegun = false;
  let rest = Buffer.alloc(0);
  const write = async (text: string): Promise<void> => {
    // not before the file was found: a failure is JSON of its own
    if (!isBegun) await terminal.out(`{\n  "path": ${JSON.stringify(file.guestPath)},\n  "base64": "`);
    isBegun = true;
    await terminal.out(text);
  };
  await readImageFile({
    ...file,
    onPiece: async (piece) => {
      const bytes = Buffer.concat([rest, piece]);
      // three bytes make four characters
      const whole = bytes.length - (bytes.length % 3);
      rest = bytes.subarray(whole);
      await write(bytes.toString('base64', 0, whole));
    },
  });
  await write(`${rest.toString('base64')}"\n}\n`);
}

function listLine(entry: ListedEntry): string {
  switch (entry.kind) {
    case 'directory':
      return `${'-'.padStart(12)}  ${printable(entry.path)}/\n`;
    case 'link':
      return `${'-'.padStart(12)}  ${printable(`${entry.path} -> ${entry.target}`)}\n`;
    case 'file':
      return `${String(entry.sizeBytes).padStart(12)}  ${printable(entry.path)}\n`;
  }
}

function describe(image: ImageDescription): string {
  const { root, attributes, bootFileSystem } = image;
  const rows: [string, string][] = [
    ['size', `${formatBytes(image.sizeBytes)} (${image.sizeBytes} bytes)`],
    ['sha256', image.sha256],
    ['blake3', image.blake3],
    ['uuid', root.uuid],
    ...(root.label === '' ? [] : [['label', root.label] as [string, string]]),
    ['files', `${counted(root.files, 'file')}, ${counted(root.directories, 'folder')}, ${counted(root.links, 'link')}, ${formatBytes(root.contentBytes)}`],
    ...image.partitions.map(({ index, firstSector, sectorCount }): [string, string] => [`partition ${index}`, `sectors ${firstSector} to ${firstSector + sectorCount - 1}`]),
    ...(bootFileSystem === undefined ? [] : image.bootFiles.map(({ path, sizeBytes }): [string, string] => ['boot', `${path} (${sizeBytes} bytes)`])),
    ...Object.entries(attributes).map(([key, value]): [string, string] => [key, typeof value === 'string' ? value : JSON.stringify(value)]),
    ...(image.klog === undefined ? [] : [['last exit code', String(image.klog.exitCode)] as [string, string]]),
  ];
  const shown = rows.map(([name, value]) => [printable(name), printable(value)] as const);
  const width = Math.max(...shown.map(([name]) => name.length));
  return shown.map(([name, value]) => `${name.padEnd(width)}  ${value}\n`).join('');
}

function counted(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}
