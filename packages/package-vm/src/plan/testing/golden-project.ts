import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const DATA = join(import.meta.dirname, 'golden-inputs');
const PROGRAM = join(import.meta.dirname, '../../../../disk-image/src/testing/golden/hello');

/** Puts the input of a golden case into a folder, as the tool that wrote the golden bytes had it. Gives the manifest's path. */
export function layGoldenInput(name: 'documented' | 'many-keys' | 'log-of-three-extensions', folder: string): { manifestPath: string; programPath: string } {
  cpSync(join(DATA, name), folder, { recursive: true });
  writeFileSync(join(folder, 'hello'), readFileSync(PROGRAM), { mode: 0o755 });
  if (name === 'many-keys') {
    rmSync(join(folder, 'static/to-c'));
    symlinkSync('a/b/c.txt', join(folder, 'static/to-c'));
  }
  if (name === 'log-of-three-extensions') layManyFiles(join(folder, 'many'));
  return { manifestPath: join(folder, 'manifest.json'), programPath: join(folder, 'hello') };
}

/** File i lies in folder i mod 40 and holds the digit i mod 7. */
function layManyFiles(folder: string): void {
  for (let index = 0; index < 9000; index += 1) {
    const sub = join(folder, `d${String(index % 40).padStart(2, '0')}`);
    if (index < 40) mkdirSync(sub, { recursive: true });
    writeFileSync(join(sub, `a-rather-long-file-name-to-fill-the-log-${String(index).padStart(5, '0')}.dat`), String(index % 7));
  }
}
