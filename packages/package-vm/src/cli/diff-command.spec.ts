import { join } from 'node:path';
import pc from 'picocolors';
import { makeTestImage } from '../boot/testing/stand-in.js';
import { withScratch } from '../task/testing/scratch.js';
import { runCommandLine } from './run-command-line.js';

it('package-vm diff shows what images say so that no terminal obeys it', () =>
  withScratch(async (folder) => {
    makeTestImage(join(folder, 'a.img'));
    makeTestImage(join(folder, 'b.img'), { attributes: { program: '/p', 'x\x1b[2J': 'y\x9b2J' } });
    let stdout = '';
    const exitCode = await runCommandLine(['diff', 'a.img', 'b.img'], {
      out: (text) => Promise.resolve(void (stdout += Buffer.from(text).toString())),
      note: () => undefined, pass: () => undefined,
      isInteractive: false, colors: pc.createColors(false), cwd: folder, env: {}, signal: new AbortController().signal,
    });
    expect(exitCode).toBe(1);
    expect(stdout).toContain('x\\x1b[2J: only in b.img: "y\\x9b2J"\n');
  }));
