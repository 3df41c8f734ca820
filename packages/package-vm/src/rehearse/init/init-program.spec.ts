import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { initProgram, madeWith } from './init-program.js';

const compiler = spawnSync('sh', ['-c', 'gcc --version'], { encoding: 'utf8' }).stdout.split('\n')[0];
const withCompiler = compiler === madeWith ? it : it.skip;

describe('the init', () => {
  withCompiler(`is what build.sh makes of the sources (waits for ${madeWith})`, () => {
    const folder = mkdtempSync(join(tmpdir(), 'package-vm-test-'));
    try {
      execFileSync(join(import.meta.dirname, 'build.sh'), [join(folder, 'init-program.ts')]);
      expect(readFileSync(join(folder, 'init-program.ts'), 'utf8')).toBe(readFileSync(join(import.meta.dirname, 'init-program.ts'), 'utf8'));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('is a small static program', () => {
    const bytes = Buffer.from(initProgram, 'base64');
    expect(bytes.subarray(0, 4).toString('latin1')).toBe('\x7fELF');
    expect(bytes.length).toBeLessThan(8192);
  });
});
