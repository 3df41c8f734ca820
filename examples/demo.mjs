// `npm run demo`: package a prover and its verifier through Nx, rehearse both, refuse a tampered proof, boot both where there is QEMU, show a cache hit.
// `npm run demo -- --placeholder` uses no network and no Nanos release.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import Table from 'cli-table3';
import pc from 'picocolors';

const root = join(import.meta.dirname, '..');
const commandLine = join(root, 'packages/package-vm/dist/cli/main.js');
const placeholder = join(root, 'dist/placeholder-release');
const work = mkdtempSync(join(tmpdir(), 'package-vm-demo-'));
const programs = { prover: 'hash-chain-prover', verifier: 'hash-chain-verifier' };

class DemoError extends Error {}

const title = (text) => console.log(`\n${pc.bold(text)}`);
const tell = (text) => console.log(`  ${text}`);

/** Ctrl-C and its like end the program that runs, then the demo, which removes its folder. */
let stoppedBy;
let running;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    stoppedBy = signal;
    running?.kill(signal);
  });
}

/** Runs a program; gives its output, or ends the demo with it. */
async function run(program, args, { env = {}, accept = [0], show = false } = {}) {
  running = spawn(program, args, {
    cwd: root,
    env: { ...process.env, ...env },
    // cargo's progress is worth seeing
    stdio: ['ignore', 'pipe', show ? 'inherit' : 'pipe'],
  });
  const [stdout, stderr, status] = await Promise.all([textOf(running.stdout), textOf(running.stderr), once(running, 'close').then(([code]) => code)]).catch((error) => {
    throw new DemoError(`${program} could not be started: ${error.message}`);
  });
  running = undefined;
  if (stoppedBy !== undefined) throw new DemoError(`${stoppedBy} came.`);
  if (!accept.includes(status)) throw new DemoError(`${program} ${args.join(' ')} ended with ${status}:\n${stdout}${stderr}`);
  return { status, stdout, stderr };
}

const textOf = async (stream) => (stream === null ? '' : (await stream.setEncoding('utf8').toArray()).join(''));

const packageVm = (...args) => run(process.execPath, [commandLine, ...args], { accept: [0, 1, 2, 3, 123] });

/** What the demo needs, with the line that installs it. */
function checkNeeds() {
  const needs = [
    { name: 'cargo', command: ['cargo', '--version'], install: 'install Rust from https://rustup.rs' },
    { name: 'a linker', command: ['cc', '--version'], install: 'apt-get install gcc  |  dnf install gcc' },
    { name: 'namespaces', command: ['unshare', '--map-root-user', '--mount', '--pid', '--fork', 'true'], install: 'apt-get install util-linux; docs/rehearsing.md says what to do where they are refused' },
  ];
  const missing = needs.filter(({ command: [program, ...args] }) => spawnSync(program, args, { stdio: 'ignore' }).status !== 0);
  for (const { name, install } of missing) console.error(`Missing: ${name}. To get it: ${install}`);
  if (missing.length > 0) throw new DemoError('The demo needs more than this machine has.');
}

/** The Nanos release that is locked here, in this user's cache, or to be had; else the placeholder release. Locks it as in any Nx workspace. */
async function chooseRelease() {
  if (!process.argv.includes('--placeholder')) {
    const release = (await lockedRelease()) ?? (await install()) ?? (await lockCached());
    if (release !== undefined) return { version: release.version, nxArgs: [], isPlaceholder: false };
  }
  const { status, stderr } = await run(process.execPath, [join(root, 'examples/placeholder-release/build.mjs'), placeholder], { accept: [0, 1] });
  if (status !== 0) throw new DemoError(stderr.trim());
  return { version: 'placeholder', nxArgs: [`--nanosDir=${relative(root, placeholder)}`], isPlaceholder: true };
}

/** A lock of several releases is the user's own, from which the demo does not choose. */
async function lockedRelease() {
  const { status, stdout } = await packageVm('nanos', 'which', '--json');
  return status === 0 && JSON.parse(stdout).isLocked ? JSON.parse(stdout) : undefined;
}

/** The recommended version, from the cache or from upstream. */
async function install() {
  tell('Installing a Nanos release …');
  const installed = await packageVm('nanos', 'install', '--json');
  if (installed.status !== 0) tell(JSON.parse(installed.stdout).error.message);
  return lockedBy(installed);
}

/** The newest in the cache. */
async function lockCached() {
  const cached = JSON.parse((await packageVm('nanos', 'list', '--json')).stdout).filter(({ folder }) => folder !== undefined).at(-1);
  return cached && lockedBy(await packageVm('nanos', 'lock', cached.version, '--json'));
}

function lockedBy({ status, stdout }) {
  if (status !== 0) return undefined;
  const { version, lockFile } = JSON.parse(stdout);
  tell(`Nanos ${version} is locked in ${relative(root, lockFile)}, as it would be in a project of yours.`);
  return { version };
}

async function packageProgram(program, { nxArgs }) {
  const started = Date.now();
  const { stdout } = await run('npx', ['nx', 'run', `${program}:package-vm`, ...nxArgs], { env: { NX_TUI: 'false', NX_NO_CLOUD: 'true', NX_DAEMON: 'false', FORCE_COLOR: '0' }, show: true });
  const line = stdout.split('\n').find((text) => text.startsWith('Bootable image file:'));
  if (line === undefined) throw new DemoError(`no image line in:\n${stdout}`);
  const imagePath = join(root, line.slice('Bootable image file:'.length));
  const { image } = JSON.parse(readFileSync(`${imagePath}.json`, 'utf8'));
  const tasks = [...stdout.matchAll(/^> nx run (\S+).*?(\[.*cache.*\])?$/gm)];
  return { program, line, imagePath, image, seconds: (Date.now() - started) / 1000, fromCache: tasks.length > 0 && tasks.every(([, , cache]) => cache !== undefined) };
}

async function rehearse({ imagePath }, task, workspace, files = []) {
  const args = ['rehearse', imagePath, '--task', task, '--workspace', workspace, '--json', ...files.flatMap((file) => ['--file', file])];
  const { stdout, stderr } = await packageVm(...args);
  const result = JSON.parse(stdout);
  if (result.error !== undefined) throw new DemoError(`${result.error.message}\n${result.error.hint ?? ''}\n${stderr}`);
  return result;
}

/** Boots an image; with the placeholder release it runs no program, but a BIOS has to start it. */
async function boot({ imagePath }, ...args) {
  const { stdout } = await run(process.execPath, [commandLine, 'run', imagePath, '--json', ...args], { accept: [0, 123, 125, 134] });
  const result = JSON.parse(stdout);
  if (result.error !== undefined) throw new DemoError(`${result.error.message}\n${result.error.hint ?? ''}`);
  return result;
}

async function bootBoth(prover, verifier, { isPlaceholder }) {
  if (spawnSync('qemu-system-x86_64', ['--version'], { stdio: 'ignore' }).status !== 0) {
    tell('There is no QEMU here: apt-get install qemu-system-x86  |  dnf install qemu-system-x86  |  brew install qemu');
    return;
  }
  if (isPlaceholder) {
    for (const program of [prover, verifier]) {
      const { explanation } = await boot(program, '--timeout', '60s');
      if (!explanation.includes('layout is sound')) throw new DemoError(`${program.imagePath} does not boot: ${explanation}`);
    }
    tell(pc.green('A BIOS starts both images and finds everything where the boot loader looks.'));
    return;
  }
  const proved = join(work, 'proved');
  const proof = await boot(prover, '--task', 'examples/prover/task.json', '--workspace', proved);
  const verdict = await boot(verifier, '--task', 'examples/verifier/task.json', '--files-from', proved);
  for (const { taskResult, explanation } of [proof, verdict]) if (taskResult?.kind !== 'ok') throw new DemoError(`on Nanos: ${explanation}`);
  tell(pc.green(`On Nanos too, the chain ends in ${text(proof.taskResult)}, and the proof is ${text(verdict.taskResult)} (${[proof, verdict].map(({ wallTimeMs, accelerator }) => `${(wallTimeMs / 1000).toFixed(1)} s, ${accelerator}`).join('; ')}).`));
  hasBooted = true;
}

let hasBooted = false;

const text = ({ data }) => Buffer.from(data).toString();

async function main() {
  title('What is needed');
  checkNeeds();
  tell('Rust, a linker and namespaces are there.');
  const release = await chooseRelease();
  if (release.isPlaceholder) {
    tell(pc.yellow('The images get the placeholder release, which is not Nanos: they can be rehearsed, not run on Nanos.'));
  } else tell(`Nanos ${release.version} is used.`);

  title('Packaging prover and verifier');
  const prover = await packageProgram(programs.prover, release);
  tell(prover.line);
  const verifier = await packageProgram(programs.verifier, release);
  tell(verifier.line);

  title('The prover proves that a hash chain ends where it says');
  const proving = join(work, 'proving');
  const proof = await rehearse(prover, 'examples/prover/task.json', proving);
  if (proof.taskResult?.kind !== 'ok') throw new DemoError(`the prover failed: ${JSON.stringify(proof)}`);
  tell(`It ends in ${text(proof.taskResult)}; ${proof.outputFiles.map(({ path, sizeBytes }) => `${path} has ${sizeBytes} bytes`).join(', ')}; ${(proof.wallTimeMs / 1000).toFixed(2)} s.`);

  title('The verifier looks at the proof');
  const files = ['claim.json', 'proof.bin'].map((name) => join(proving, name));
  const verdict = await rehearse(verifier, 'examples/verifier/task.json', join(work, 'verifying'), files);
  if (verdict.taskResult?.kind !== 'ok') throw new DemoError(`the verifier refused a good proof: ${JSON.stringify(verdict)}`);
  tell(pc.green(text(verdict.taskResult)));

  title('The same proof with one byte changed');
  const bytes = readFileSync(files[1]);
  bytes[30_000] ^= 0xff;
  writeFileSync(join(work, 'proof.bin'), bytes);
  const refusal = await rehearse(verifier, 'examples/verifier/task.json', join(work, 'refusing'), [files[0], join(work, 'proof.bin')]);
  if (refusal.taskResult?.kind !== 'error') throw new DemoError('the verifier accepted a tampered proof');
  tell(pc.green(`refused: ${refusal.taskResult.message}`));

  title('Booting both in QEMU, with the devices of a Gevulot node');
  await bootBoth(prover, verifier, release);

  title('Packaging the prover again');
  const again = await packageProgram(programs.prover, release);
  if (!again.fromCache) throw new DemoError('the second packaging was no cache hit');
  tell(`A cache hit: the same image, ${again.image.sha256 === prover.image.sha256 ? 'byte for byte' : 'BUT NOT THE SAME BYTES'}.`);

  title('Images');
  console.log(tableOf([prover, verifier]));
  for (const { imagePath } of [prover, verifier]) tell(relative(root, imagePath));
  if (release.isPlaceholder) tell(pc.yellow('Both hold the placeholder release, which is not Nanos: a node could not run them.'));
}

/** A row for each image; the full digests are in the result beside it. */
function tableOf(packaged) {
  const table = new Table({ head: ['image', 'size', 'sha256', 'blake3', 'packaged', 'run'], style: { head: [], border: [], compact: true } });
  for (const { program, image, seconds, fromCache } of packaged) {
    const time = fromCache ? 'from the cache' : `${seconds.toFixed(1)} s`;
    table.push([program, `${(image.sizeBytes / 1e6).toFixed(1)} MB`, `${image.sha256.slice(0, 12)}…`, `${image.blake3.slice(0, 12)}…`, time, hasBooted ? 'on Linux, on Nanos' : 'on Linux only']);
  }
  return table.toString();
}

try {
  if (!existsSync(commandLine)) throw new DemoError('The packages are not built: run `npm run build`.');
  await main();
} catch (error) {
  if (!(error instanceof DemoError)) throw error;
  console.error(`\n${pc.red('The demo stopped:')} ${error.message}`);
  // as a shell counts
  process.exitCode = stoppedBy === undefined ? 1 : 128 + constants.signals[stoppedBy];
} finally {
  rmSync(work, { recursive: true, force: true });
}
