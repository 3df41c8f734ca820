import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pc from 'picocolors';
import { makeTestImage } from '../boot/testing/stand-in.js';
import { buildElf } from '../bundle/testing/elf-builder.js';
import { describeFile } from '../bundle/describe-file.js';
import { writeBundle } from '../bundle/write-bundle.js';
import { describeImage } from '../inspect/describe-image.js';
import { withScratch } from '../task/testing/scratch.js';
import { runCommandLine } from './run-command-line.js';

/** What is printed in a folder; the exit code does not matter here. */
async function printed(cwd: string, ...args: string[]): Promise<string> {
  let stdout = '';
  await runCommandLine(args, {
    out: (text) => Promise.resolve(void (stdout += Buffer.from(text).toString())),
    note: () => undefined, pass: () => undefined,
    isInteractive: false, colors: pc.createColors(false), cwd, env: {}, signal: new AbortController().signal,
  });
  return stdout;
}

/** An image and, beside it, its result file, in which and whose names is what terminals obey. */
function withImage(use: (folder: string) => Promise<void>): Promise<void> {
  return withScratch(async (folder) => {
    const image = makeTestImage(join(folder, 'a\x1b[2J.img'), { attributes: { program: '/p', 'x\x1b[2J': '\x9b2J' }, links: { '/l\x1b[2J\ni': '\u202ep' } });
    writeFileSync(`${image}.json`, JSON.stringify({ image: await describeImage(image) }));
    await use(folder);
  });
}

it('inspect counts one file as one', () =>
  withImage(async (folder) => {
    expect(await printed(folder, 'inspect', 'a\x1b[2J.img')).toMatch(/^files +1 file, 3 folders, 2 links, /m);
  }));

describe('what an image says is shown so that no terminal obeys it', () => {
  it.each([
    { command: 'ls', line: '           -  /l\\x1b[2J\\ni -> \\u202ep\n' },
    { command: 'tree', line: '├── l\\x1b[2J\\ni -> \\u202ep\n' },
    { command: 'inspect', line: '\nx\\x1b[2J     \\x9b2J\n' },
    { command: 'verify-image', line: '  a\\x1b[2J.img\n' },
  ])('by $command', ({ command, line }) =>
    withImage(async (folder) => {
      expect(await printed(folder, command, 'a\x1b[2J.img')).toContain(line);
    }));

  it('but for data, which is exact', () =>
    withImage(async (folder) => {
      expect(JSON.parse(await printed(folder, 'ls', 'a\x1b[2J.img', '--json'))).toContainEqual(expect.objectContaining({ path: '/l\x1b[2J\ni', target: '\u202ep' }));
    }));

  it('by diff-bundle, of a bundle', () =>
    withScratch(async (folder) => {
      for (const name of ['a', 'b']) {
        mkdirSync(join(folder, name));
        writeFileSync(join(folder, name, 'p'), buildElf({}));
        const build = { package: `${name}\x1b[2J`, target: 't', profile: 'release', features: [], rustc: 'rustc 1' };
        await writeBundle({ name: 'p', program: await describeFile(join(folder, name, 'p')), libraries: [], build }, join(folder, name, 'bundle'));
      }
      expect(await printed(folder, 'diff-bundle', 'a/bundle', 'b/bundle')).toBe('! package: `a\\x1b[2J` against `b\\x1b[2J`\nThe bundles differ\n');
    }));
});
