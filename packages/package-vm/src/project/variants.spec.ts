import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ProjectOptions, readProject } from './read-project.js';

let folder: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'variants-')));
  for (const name of ['vm.json', 'small.json']) writeFileSync(join(folder, name), '{"Program": "prover", "Mounts": {"%1": "/workspace"}}');
  const settings = 'allow = [{ finding = "a", reason = "b" }]\nprofile = "lto"\nvariants.debug = { profile = "dev" }\nvariants.small = { manifest = "small.json", allow = [] }';
  writeFileSync(join(folder, 'Cargo.toml'), `[package]\nname = "prover"\n[package.metadata.package-vm]\n${settings}\n`);
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const read = (options: Partial<ProjectOptions>) => readProject({ folder, workspaceRoot: folder, program: 'prover', ...options });

describe('a project read as a variant', () => {
  it('has the settings of the variant before those of the package', async () => {
    expect((await read({})).settings.profile).toBe('lto');
    expect((await read({ variant: 'debug' })).settings.profile).toBe('dev');
    expect((await read({ variant: 'debug' })).allowedIn.keys).toEqual(['allow']);
  });

  it('has the manifest and the allowed findings of the variant', async () => {
    expect(await read({ variant: 'small' })).toMatchObject({ manifestPath: join(folder, 'small.json'), allowedIn: { keys: ['variants', 'small', 'allow'] } });
    expect((await read({ variant: 'small', program: undefined })).manifestPath).toBe(join(folder, 'small.json'));
  });

  it('is refused where there is no such variant', async () => {
    await expect(read({ variant: 'debgu' })).rejects.toMatchObject({ code: 'PVM_NO_SUCH_VARIANT', message: expect.stringContaining('only `debug`, `small`') as unknown });
  });
});
