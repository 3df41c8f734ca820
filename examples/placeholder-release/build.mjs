#!/usr/bin/env node
// Makes the placeholder release: node examples/placeholder-release/build.mjs <output folder>
// What it is, and what it prints when it boots: README.md beside this file.
import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const MARKER = 'PLACEHOLDER';
const source = import.meta.dirname;

/** Names of binutils for x86: those of this machine, of Debian's cross packages, of Homebrew. */
const prefixes = ['', 'x86_64-linux-gnu-', 'x86_64-elf-'];

const [folder] = process.argv.slice(2);
if (folder === undefined) fail('Usage: node build.mjs <output folder>', 2);
if (existsSync(folder) && readdirSync(folder).length > 0 && !existsSync(join(folder, MARKER))) {
  fail(`${folder} holds other files; name a folder of its own for the placeholder release.`, 2);
}
const tools = findTools();
const workFolder = mkdtempSync(join(tmpdir(), 'placeholder-release-'));
try {
  // marked first: what is only half there is no Nanos release either
  mkdirSync(join(folder, 'klibs'), { recursive: true });
  writeFileSync(join(folder, MARKER), 'Not Nanos: the placeholder release of package-vm, for its demo and tests.\n');
  writeFileSync(join(folder, 'boot.img'), assemble(tools, workFolder));
  copyFileSync(join(source, 'kernel.txt'), join(folder, 'kernel.img'));
} finally {
  rmSync(workFolder, { recursive: true });
}

/** The boot loader: both stages, one after the other. */
function assemble({ as, ld, objcopy }, workFolder) {
  const path = (name) => join(workFolder, name);
  run(as, ['--32', '-o', path('boot.o'), join(source, 'boot.s')]);
  run(ld, ['-m', 'elf_i386', '--section-start=.stage1=0x7c00', '--section-start=.stage2=0x8000', '-o', path('boot.elf'), path('boot.o')]);
  return Buffer.concat(
    ['.stage1', '.stage2'].map((section) => {
      run(objcopy, ['-O', 'binary', '-j', section, path('boot.elf'), path('section')]);
      return readFileSync(path('section'));
    }),
  );
}

function run(tool, args) {
  try {
    execFileSync(tool, args, { stdio: ['ignore', 'inherit', 'inherit'] });
  } catch (error) {
    fail(`\`${tool} ${args.join(' ')}\` failed: ${error.message}`, 1);
  }
}

function findTools() {
  const works = (prefix) => ['as', 'ld', 'objcopy'].every((tool) => spawnSync(`${prefix}${tool}`, ['--version']).status === 0) && spawnSync(`${prefix}as`, ['--32', '-o', '/dev/null', '-'], { input: '' }).status === 0;
  const prefix = prefixes.find(works);
  if (prefix === undefined) {
    fail('No assembler for x86 was found. Install it: `apt-get install binutils` (on arm64 `binutils-x86-64-linux-gnu`), `dnf install binutils`, `brew install x86_64-elf-binutils`.', 3);
  }
  return { as: `${prefix}as`, ld: `${prefix}ld`, objcopy: `${prefix}objcopy` };
}

function fail(message, exitCode) {
  console.error(message);
  process.exit(exitCode);
}
