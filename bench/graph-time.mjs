// Time of the project graph of an Nx workspace with 300 crates, with and without the installed plugin, without the daemon.
//   node bench/graph-time.mjs [crates]     after `npm run build`; the limit is 150 ms more than without the plugin
import { execFileSync, spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const LIMIT_MS = 150;
const ROUNDS = 15;
const count = Number(process.argv[2] ?? 300);
const repository = join(import.meta.dirname, '..');
const root = realpathSync(mkdtempSync(join(tmpdir(), 'package-vm-graph-time-')));
const env = { ...process.env, NX_DAEMON: 'false', NX_NO_CLOUD: 'true', NX_TUI: 'false', CI: '1', NX_CACHE_DIRECTORY: '.nx/cache', FORCE_COLOR: '0' };

function write(path, text) {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), typeof text === 'string' ? text : JSON.stringify(text));
}

/** Crates that each need up to three of those before them, and so reach some dozens; every tenth has a manifest. */
function writeCrates() {
  write('Cargo.toml', '[workspace]\nresolver = "2"\nmembers = ["crates/*"]\n[workspace.dependencies]\nserde = "1"\n');
  for (let index = 0; index < count; index += 1) {
    const name = `crate-${String(index).padStart(4, '0')}`;
    const needed = new Set([2, 3, 5].map((part) => Math.floor(index / part)).filter((other) => other < index).map((other) => `crate-${String(other).padStart(4, '0')}`));
    const dependencies = [...needed].map((other) => `${other} = { path = "../${other}" }\n`).join('');
    write(`crates/${name}/Cargo.toml`, `[package]\nname = "${name}"\nversion = "0.1.0"\nedition = "2021"\n\n[dependencies]\nserde = { workspace = true }\n${dependencies}`);
    write(`crates/${name}/src/main.rs`, 'fn main() {}\n');
    if (index % 10 === 0) write(`crates/${name}/vm.json`, { Program: name, Files: ['data/key.bin'], Mounts: { '%0': '/workspace' } });
  }
}

function install() {
  const packages = readdirSync(join(repository, 'packages')).map((name) => join(repository, 'packages', name));
  const packed = JSON.parse(execFileSync('npm', ['pack', '--json', '--pack-destination', root, ...packages], { encoding: 'utf8' }));
  const { devDependencies } = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8'));
  const ours = Object.fromEntries(packed.map(({ name, filename }) => [name, `file:${filename}`]));
  write('package.json', { name: 'bench', version: '0.0.0', private: true, devDependencies: { nx: devDependencies.nx, '@nx/devkit': devDependencies['@nx/devkit'], ...ours } });
  write('.gitignore', 'node_modules\n.nx\n*.tgz\noutput.txt\n');
  execFileSync('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error'], { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
}

/** Milliseconds of `nx show projects` from start to end, in which nothing but the graph is computed. */
function measure(plugins) {
  write('nx.json', { analytics: false, plugins });
  // into a file: Nx ends before a pipe has taken everything
  const output = openSync(join(root, 'output.txt'), 'w');
  const started = performance.now();
  const { status } = spawnSync('node_modules/.bin/nx', ['show', 'projects'], { cwd: root, env, stdio: ['ignore', output, 'inherit'] });
  const elapsed = performance.now() - started;
  closeSync(output);
  const projects = readFileSync(join(root, 'output.txt'), 'utf8').split('\n').filter((line) => line.startsWith('crate-')).length;
  if (status !== 0 || projects !== (plugins.includes('@package-vm/nx') ? count : 0)) throw new Error(`nx ended with ${status} and listed ${projects} crates`);
  return elapsed;
}

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

try {
  writeCrates();
  install();
  execFileSync('git', ['init', '-q'], { cwd: root });
  // Nx starts a process for each plugin, which the second row shows
  write('node_modules/empty-plugin/package.json', { name: 'empty-plugin', version: '1.0.0', main: 'index.js' });
  write('node_modules/empty-plugin/index.js', "exports.name = 'empty-plugin';\nexports.createNodes = ['**/Cargo.toml', (files) => files.map((file) => [file, {}])];\n");
  const rows = { 'without a plugin': [], 'with an empty plugin': ['empty-plugin'], 'with our plugin': ['@package-vm/nx'] };
  const times = Object.fromEntries(Object.keys(rows).map((name) => [name, []]));
  // in turn, so that what else the machine does falls on all; the first round warms up
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (const [name, plugins] of Object.entries(rows)) {
      const elapsed = measure(plugins);
      if (round > 0) times[name].push(elapsed);
    }
  }
  const [without, withPlugin] = [times['without a plugin'], times['with our plugin']].map((values) => Math.min(...values));
  const added = withPlugin - without;
  const row = (name, values) => console.log(`| ${name.padEnd(20)} | ${median(values).toFixed(0).padStart(6)} | ${Math.min(...values).toFixed(0).padStart(6)} | ${Math.max(...values).toFixed(0).padStart(6)} |`);
  console.log(`Project graph of ${count} crates, ${ROUNDS} runs each, daemon off, in ms\n`);
  console.log('|                      | median |  least |   most |\n|----------------------|-------:|-------:|-------:|');
  for (const [name, values] of Object.entries(times)) row(name, values);
  console.log(`\nBy the least of each, the plugin adds ${added.toFixed(0)} ms (${(withPlugin / without).toFixed(2)} times), at most ${LIMIT_MS} are allowed: ${added <= LIMIT_MS ? 'good' : 'TOO SLOW'}`);
  process.exitCode = added <= LIMIT_MS ? 0 : 1;
} finally {
  rmSync(root, { recursive: true, force: true });
}
