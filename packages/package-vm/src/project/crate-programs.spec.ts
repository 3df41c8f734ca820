import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parse } from 'smol-toml';
import { cratePrograms } from './crate-programs.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'crate-programs-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

describe('cratePrograms', () => {
  it.each([
    { reason: 'the package', toml: '', files: ['src/main.rs'], programs: ['p'] },
    { reason: 'nothing of a library', toml: '', files: ['src/lib.rs'], programs: [] },
    { reason: 'files and folders of src/bin', toml: '', files: ['src/main.rs', 'src/bin/a.rs', 'src/bin/b/main.rs', 'src/bin/c/lib.rs'], programs: ['a', 'b', 'p'] },
    { reason: 'what is listed', toml: '[[bin]]\nname = "x"\npath = "src/main.rs"\n[[bin]]\nname = "y"', files: [], programs: ['x', 'y'] },
    { reason: 'only what is listed', toml: 'autobins = false\n[[bin]]\nname = "x"', files: ['src/main.rs', 'src/bin/a.rs'], programs: ['x'] },
    { reason: 'another name for the package’s source', toml: 'edition = "2021"\n[[bin]]\nname = "x"\npath = "src/main.rs"', files: ['src/main.rs', 'src/bin/a.rs'], programs: ['a', 'x'] },
    { reason: 'the same, written otherwise', toml: 'edition = "2021"\n[[bin]]\nname = "x"\npath = "./src/../src/main.rs"', files: ['src/main.rs'], programs: ['x'] },
    { reason: 'another name for a file of src/bin', toml: 'edition = "2021"\n[[bin]]\nname = "x"\npath = "src/bin/a.rs"', files: ['src/main.rs', 'src/bin/a.rs', 'src/bin/b/main.rs'], programs: ['b', 'p', 'x'] },
    { reason: 'a source elsewhere', toml: 'edition = "2021"\n[[bin]]\nname = "x"\npath = "x.rs"', files: ['src/main.rs', 'x.rs'], programs: ['p', 'x'] },
    { reason: 'only what is listed in edition 2015', toml: '[[bin]]\nname = "x"', files: ['src/main.rs', 'src/bin/x.rs', 'src/bin/a.rs'], programs: ['x'] },
    { reason: 'what is found too where edition 2015 is told to', toml: 'autobins = true\n[[bin]]\nname = "x"', files: ['src/bin/x.rs', 'src/bin/a.rs'], programs: ['a', 'x'] },
    { reason: 'what is found in the edition of the cargo workspace', toml: 'edition.workspace = true\n[[bin]]\nname = "x"', files: ['src/main.rs', 'src/bin/x.rs'], programs: ['p', 'x'] },
    { reason: 'nothing of half a table', toml: '[[bin]]', files: [], programs: [] },
  ])('are $programs: $reason', ({ toml, files, programs }) => {
    for (const file of files) {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), '');
    }
    expect(cratePrograms(folder, parse(`[package]\nname = "p"\n${toml}`))).toEqual(programs);
  });
});
