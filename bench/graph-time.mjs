// Time of the project graph of an Nx workspace of crates: without a Rust plugin, with ours as installed, with @monodon/rust.
//   node bench/graph-time.mjs [crates] [--daemon]     after `npm run build`; needs npm's registry and cargo
// The limit is 150 ms more than without a plugin, at 300 crates without the daemon.
import { execFileSync, spawnSync } from 'node:child_process';
import { appendFileSync, closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const LIMIT_MS = 150;
const ROUNDS = 9;
const PEER = { '@monodon/rust': '3.0.0' };
const withDaemon = process.argv.includes('--daemon');
const count = Number(process.argv.slice(2).find((word) => /^\d+$/.test(word)) ?? 300);
const repository = join(import.meta.dirname, '..');
const root = realpathSync(mkdtempSync(join(tmpdir(), 'package-vm-graph-time-')));
const env = { ...process.env, NX_DAEMON: String(withDaemon), NX_NO_CLOUD: 'true', NX_TUI: 'false', ...(withDaemon ? { CI: undefined } : { CI: '1' }), NX_CACHE_DIRECTORY: '.nx/cache', FORCE_COLOR: '0', CARGO_NET_OFFLINE: 'true' };

function write(path, text) {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), typeof text === 'string' ? text : JSON.stringify(text));
}

const nameOf = (index) => `crate-${String(index).padStart(4, '0')}`;

/** Crates that each need up to three of those before them, and so reach some dozens; every tenth has a manifest. */
function writeCrates() {
  write('Cargo.toml', '[workspace]\nresolver = "2"\nmembers = ["crates/*"]\n[workspace.package]\nversion = "0.1.0"\n');
  for (let index = 0; index < count; index += 1) {
    const name = nameOf(index);
    const needed = new Set([2, 3, 5].map((part) => Math.floor(index / part)).filter((other) => other < index).map(nameOf));
    const dependencies = [...needed].map((other) => `${other} = { path = "../${other}" }\n`).join('');
    write(`crates/${name}/Cargo.toml`, `[package]\nname = "${name}"\nversion.workspace = true\nedition = "2021"\n\n[dependencies]\n${dependencies}`);
    write(`crates/${name}/src/main.rs`, 'fn main() {}\n');
    if (index % 10 === 0) write(`crates/${name}/vm.json`, { Program: name, Files: ['data/key.bin'], Mounts: { '%0': '/workspace' } });
  }
  execFileSync('cargo', ['generate-lockfile', '--offline'], { cwd: root, stdio: 'ignore' });
}

function install() {
  const packages = readdirSync(join(repository, 'packages')).map((name) => join(repository, 'packages', name));
  const packed = JSON.parse(execFileSync('npm', ['pack', '--json', '--pack-destination', root, ...packages], { encoding: 'utf8' }));
  const { devDependencies } = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8'));
  const ours = Object.fromEntries(packed.map(({ name, filename }) => [name, `file:${filename}`]));
  write('package.json', { name: 'bench', version: '0.0.0', private: true, devDependencies: { nx: devDependencies.nx, '@nx/devkit': devDependencies['@nx/devkit'], ...PEER, ...ours } });
  write('.gitignore', 'node_modules\n.nx\n*.tgz\noutput.txt\ntarget\n');
  execFileSync('npm', ['install', '--prefer-offline', '--legacy-peer-deps', '--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error'], { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
}

function nx(...args) {
  // into a file: Nx ends before a pipe has taken everything
  const output = openSync(join(root, 'output.txt'), 'w');
  const started = performance.now();
  const { status } = spawnSync('node_modules/.bin/nx', args, { cwd: root, env, stdio: ['ignore', output, 'inherit'] });
  const elapsed = performance.now() - started;
  closeSync(output);
  return { status, elapsed, text: readFileSync(join(root, 'output.txt'), 'utf8') };
}

/** Milliseconds of `nx show projects` from start to end, in which nothing but the graph is computed. */
function measure(expected) {
  const { status, elapsed, text } = nx('show', 'projects');
  const projects = text.split('\n').filter((line) => line.startsWith('crate-')).length;
  if (status !== 0 || projects !== expected) throw new Error(`nx ended with ${status} and listed ${projects} crates instead of ${expected}:\n${text.slice(0, 2000)}`);
  return elapsed;
}

/** What a crate's change costs: nothing else is different. */
function touch(round) {
  appendFileSync(join(root, 'crates', nameOf(count - 1), 'Cargo.toml'), `# ${round}\n`);
}

const ROWS = {
  'without a plugin': { plugins: [] },
  'the same from one file': { plugins: ['told-plugin'], crates: true },
  '@package-vm/nx': { plugins: ['@package-vm/nx'], crates: true },
  '@monodon/rust': { plugins: ['@monodon/rust'], crates: true },
  // last, so that the rows above find what they have seen before
  'the same, a crate changed': { plugins: ['told-plugin'], crates: true, isChanged: true },
  '@package-vm/nx, a crate changed': { plugins: ['@package-vm/nx'], crates: true, isChanged: true },
};
const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

function run() {
  const times = Object.fromEntries(Object.keys(ROWS).map((name) => [name, []]));
  const entries = Object.entries(ROWS);
  const once = (name, { plugins, crates = false, isChanged = false }, round) => {
    write('nx.json', { analytics: false, plugins });
    if (isChanged) touch(round);
    const elapsed = measure(crates ? count : 0);
    if (round > 0) times[name].push(elapsed);
  };
  if (withDaemon) {
    // a daemon for each row, warm after the first time
    for (const [name, row] of entries) {
      nx('reset', '--onlyDaemon');
      for (let round = 0; round <= ROUNDS; round += 1) once(name, row, round);
    }
  } else {
    // in turn, so that what else the machine does falls on all; the first round warms up
    for (let round = 0; round <= ROUNDS; round += 1) for (const [name, row] of entries) once(name, row, round);
  }
  return times;
}

try {
  writeCrates();
  install();
  execFileSync('git', ['init', '-q'], { cwd: root });
  // what Nx itself needs for a plugin that says so much, which the second row shows: it tells what ours has said, and looks at nothing
  write('nx.json', { analytics: false, plugins: ['@package-vm/nx'] });
  measure(count);
  write('node_modules/told-plugin/said.json', readFileSync(join(root, '.nx/workspace-data/package-vm-projects.json'), 'utf8'));
  write('node_modules/told-plugin/package.json', { name: 'told-plugin', version: '1.0.0', main: 'index.js' });
  write('node_modules/told-plugin/index.js', `const { projects, edges } = require('./said.json').inference;
exports.name = 'told-plugin';
const byFile = new Map(projects.map((project) => [project.root + '/Cargo.toml', project]));
exports.createNodes = ['**/{Cargo.toml,vm.json,*.vm.json}', (files) => files.map((file) => [file, byFile.has(file) ? { projects: { [byFile.get(file).root]: byFile.get(file) } } : {}])];
const names = new Map(projects.map(({ root, name }) => [root, name]));
exports.createDependencies = () => edges.flatMap(([root, needs]) => needs.map((need) => ({ source: names.get(root), target: names.get(need), type: 'static', sourceFile: root + '/Cargo.toml' })));
`);
  const times = run();
  const base = Math.min(...times['without a plugin']);
  const ratio = (values) => (Math.min(...values) / base).toFixed(2);
  console.log(`Project graph of ${count} crates, ${ROUNDS} runs each, daemon ${withDaemon ? 'on' : 'off'}, in ms\n`);
  console.log('|                                   | median |  least |   most | least / without |\n|-----------------------------------|-------:|-------:|-------:|----------------:|');
  for (const [name, values] of Object.entries(times)) {
    console.log(`| ${name.padEnd(33)} | ${[median(values), Math.min(...values), Math.max(...values)].map((value) => value.toFixed(0).padStart(6)).join(' | ')} | ${ratio(values).padStart(15)} |`);
  }
  const least = Math.min(...times['@package-vm/nx']);
  const added = least - base;
  const isGood = withDaemon || count > 300 || added <= LIMIT_MS;
  console.log(`\nBy the least of each, the plugin adds ${added.toFixed(0)} ms, ${(least - Math.min(...times['the same from one file'])).toFixed(0)} of them its own; at most ${LIMIT_MS} are allowed at 300 crates without the daemon${isGood ? '' : ': TOO SLOW'}`);
  process.exitCode = isGood ? 0 : 1;
} finally {
  if (withDaemon) nx('daemon', '--stop');
  rmSync(root, { recursive: true, force: true });
}
