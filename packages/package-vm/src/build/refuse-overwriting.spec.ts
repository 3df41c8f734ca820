import { execFileSync } from 'node:child_process';
import { linkSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { refuseOverwriting } from './refuse-overwriting.js';

describe('refuseOverwriting', () => {
  let folder: string;
  const at = (name: string): string => join(folder, name);
  const refuse = (imagePath: string, input: string): void => {
    refuseOverwriting({ imagePath, resultPath: `${imagePath}.json` }, [at('other'), input]);
  };
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'refuse-overwriting-'));
    const disk = Buffer.alloc(512);
    disk.writeUInt16LE(0xaa55, 510);
    writeFileSync(at('out.img'), disk);
    writeFileSync(at('other'), disk);
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it.each([
    { reason: 'an input', image: 'out.img', input: 'out.img' },
    { reason: 'an input that is a link to it', image: 'out.img', input: 'link' },
    { reason: 'a link to an input', image: 'link', input: 'out.img' },
    { reason: 'an input by way of a linked folder', image: 'here/out.img', input: 'out.img' },
  ])('refuses $reason', ({ image, input }) => {
    symlinkSync('out.img', at('link'));
    symlinkSync('.', at('here'));
    expect(() => {
      refuse(at(image), at(input));
    }).toThrow(expect.objectContaining({ code: 'PVM_BAD_USAGE', message: expect.stringContaining('is an input of the build') as unknown }) as Error);
  });

  it('refuses what is no regular file', () => {
    execFileSync('mkfifo', [at('pipe')]);
    expect(() => {
      refuse(at('pipe'), at('other'));
    }).toThrow(expect.objectContaining({ code: 'PVM_BAD_USAGE', message: expect.stringContaining('exists and is no image') as unknown }) as Error);
  });

  it.each([
    { reason: 'behind links in a circle', output: 'loop/x.img', message: 'its links lead in a circle' },
    { reason: 'of a name that is too long', output: 'x'.repeat(300), message: 'the name is too long' },
  ])('says why nothing can be written $reason', ({ output, message }) => {
    symlinkSync('loop', at('loop'));
    expect(() => {
      refuse(at(output), at('other'));
    }).toThrow(expect.objectContaining({ code: 'PVM_WRITE_FAILED', message: expect.stringContaining(message) as unknown }) as Error);
  });

  it.each([
    { reason: 'an image that was there before', image: 'out.img', input: 'gone' },
    { reason: 'one that shares its content with an input: only the name is replaced', image: 'out.img', input: 'hard-link' },
    { reason: 'a new one', image: 'new.img', input: 'out.img' },
  ])('allows $reason', ({ image, input }) => {
    linkSync(at('out.img'), at('hard-link'));
    expect(() => {
      refuse(at(image), at(input));
    }).not.toThrow();
  });
});
