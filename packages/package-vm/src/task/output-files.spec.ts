import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readFolderState, readOutputFiles } from './output-files.js';
import { prepareWorkspace } from './workspace.js';

/** Folders below a folder, deeper than a path can be: made at the top, one after the other around the last. */
function nest(folder: string): void {
  const name = 'n'.repeat(200);
  for (let depth = 0; depth < 25; depth += 1) {
    mkdirSync(join(folder, 'outer'));
    if (existsSync(join(folder, name))) renameSync(join(folder, name), join(folder, 'outer', name));
    renameSync(join(folder, 'outer'), join(folder, name));
  }
}

describe('a workspace with folders too deep to name', () => {
  it('is read as far as it goes, and removed whole', async () => {
    const workspace = await prepareWorkspace({});
    nest(workspace.folder);
    writeFileSync(join(workspace.folder, 'proof'), 'x');
    await expect(readOutputFiles(workspace.folder, workspace.before)).resolves.toEqual([expect.objectContaining({ path: 'proof', sizeBytes: 1 })]);
    await workspace.dispose();
    await expect(readFolderState(workspace.folder)).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

describe('readOutputFiles', () => {
  // root is let in everywhere
  (process.getuid?.() === 0 ? it.skip : it)('goes by what a program closed to us', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'output-files-'));
    mkdirSync(join(folder, 'closed'), { mode: 0 });
    writeFileSync(join(folder, 'proof'), 'x', { mode: 0 });
    expect(await readOutputFiles(folder, new Map())).toEqual([{ path: 'proof', sizeBytes: 1, sha256: undefined }]);
    execFileSync('rm', ['-rf', folder]);
  });

  it('stops on request', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'output-files-'));
    writeFileSync(join(folder, 'proof'), 'x');
    await expect(readOutputFiles(folder, new Map(), AbortSignal.abort())).rejects.toMatchObject({ code: 'PVM_CANCELLED' });
    execFileSync('rm', ['-rf', folder]);
  });
});
