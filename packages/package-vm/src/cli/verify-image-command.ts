import { printable } from '@package-vm/errors';
import { type Command } from 'commander';
import { resolve } from 'node:path';
import { type CommandContext } from './command-context.js';
import { writeJson } from './json.js';

/** `package-vm verify-image`: whether images are what their result files say, as after a download. Ends at the first that is not. */
export function registerVerifyImage(program: Command, { terminal }: CommandContext): void {
  program
    .command('verify-image')
    .description('Compare images with the result files beside them, as after a download.')
    .argument('<images...>')
    .option('--json', 'print as JSON')
    .action(async (images: readonly string[], flags: { readonly json?: boolean }) => {
      const { verifyImage } = await import('../inspect/verify-image.js');
      const verified: { image: string; sha256: string; blake3: string }[] = [];
      for (const image of images) {
        const { sha256, blake3 } = await verifyImage(resolve(terminal.cwd, image));
        verified.push({ image, sha256, blake3 });
      }
      if (flags.json === true) await writeJson(terminal, verified);
      // as sha256sum prints it
      else await terminal.out(verified.map(({ image, sha256 }) => `${sha256}  ${printable(image)}\n`).join(''));
    });
}
