import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const repository = join(import.meta.dirname, '..');
const examples = join(repository, 'examples');

const hasCrates = spawnSync('cargo', ['fetch', '--locked'], { cwd: examples, stdio: 'ignore', timeout: 120_000 }).status === 0;

describe('the demo', () => {
  (hasCrates ? it : it.skip)(
    'packages, proves, verifies, refuses, boots and finds its cache (needs the crates of examples/Cargo.lock)',
    () => {
      const { status, stdout, stderr } = spawnSync(process.execPath, [join(examples, 'demo.mjs'), '--placeholder'], {
        cwd: repository,
        encoding: 'utf8',
        timeout: 280_000,
        env: { ...process.env, NODE_OPTIONS: undefined, NODE_ENV: undefined, JEST_WORKER_ID: undefined, FORCE_COLOR: undefined, NO_COLOR: '1' },
      });
      expect(status === 0 ? '' : `${stdout}${stderr}`).toBe('');
      expect(stdout).toMatch(/\n {2}accepted\n[^]*\n {2}refused: [^]*\n {2}A BIOS starts both images [^]*\n {2}A cache hit: the same image, byte for byte\./);
      expect(stdout).toMatch(/hash-chain-prover +│ +[\d.]+ MB │ [\da-f]{12}… │ [\da-f]{12}… │/);
    },
    300_000,
  );

  (hasCrates ? it : it.skip)(
    'has programs that pass their own tests (needs the crates of examples/Cargo.lock)',
    () => {
      const { status, stderr } = spawnSync('cargo', ['test', '--release', '--locked', '--quiet'], { cwd: examples, encoding: 'utf8', timeout: 280_000 });
      expect(status === 0 ? '' : stderr).toBe('');
    },
    300_000,
  );
});
