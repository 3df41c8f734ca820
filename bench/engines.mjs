// The engines, as whole processes: `ops build` by itself, `package-vm build --engine ops` and the builtin engine, same content, in turn.
// PACKAGE_VM_TEST_OPS=/path/to/ops node bench/engines.mjs [--runs 5] [--quick]
import { spawn, spawnSync } from 'node:child_process';
import { randomFillSync } from 'node:crypto';
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';

const { values } = parseArgs({ options: { runs: { type: 'string', default: '5' }, quick: { type: 'boolean', default: false } } });
const runs = Number(values.runs);
const ops = process.env.PACKAGE_VM_TEST_OPS;
if (ops === undefined) {
  console.error('Name a real ops with PACKAGE_VM_TEST_OPS');
  process.exit(2);
}
const root = new URL('..', import.meta.url).pathname;
const cli = join(root, 'packages/package-vm/dist/cli/main.js');
const work = mkdtempSync(join(tmpdir(), 'package-vm-bench-'));
const VERSION = '0.1.54';
const MIB = 1024 * 1024;

/** Seconds that a command takes. Its network is dead: ops would ask for its latest version. */
function time({ command, cwd, env }) {
  return new Promise((resolve, reject) => {
    const started = process.hrtime.bigint();
    const child = spawn(command[0], command.slice(1), { cwd, env: { ...process.env, ...env }, stdio: ['ignore', 'ignore', 'pipe'] });
    let errors = '';
    child.stderr.on('data', (chunk) => (errors += chunk));
    child.on('error', reject);
    child.on('exit', (code) => {
      if (code === 0) resolve(Number(process.hrtime.bigint() - started) / 1e9);
      else reject(new Error(`${command.join(' ')} ended with ${code}: ${errors}`));
    });
  });
}

const best = (numbers) => Math.min(...numbers);
const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];

/** A program with a folder of data, and the three ways to make an image of it. */
function makeProject(name, fill) {
  const folder = join(work, name);
  mkdirSync(join(folder, 'data'), { recursive: true });
  fill(join(folder, 'data'));
  writeFileSync(join(folder, 'hello'), readFileSync(join(root, 'packages/disk-image/src/testing/golden/hello')), { mode: 0o755 });
  writeFileSync(join(folder, 'vm.json'), JSON.stringify({ Program: 'hello', Dirs: ['data'], Mounts: { '%0': '/workspace' }, ManifestPassthrough: { readonly_rootfs: 'true' } }));
  const ours = (engine) => ({
    command: [process.execPath, cli, 'build', join(folder, 'hello'), '-c', join(folder, 'vm.json'), '--nanos-dir', release, '--engine', engine, '-o', join(folder, `${engine}.img`)],
    cwd: folder,
    env: { PATH: `${join(work, 'bin')}:${process.env.PATH}` },
    image: join(folder, `${engine}.img`),
  });
  return {
    'ops build': { command: [ops, 'build', 'hello', '-c', 'vm.json', '--nanos-version', VERSION], cwd: folder, env: opsEnvironment, image: join(work, 'home/.ops/images/hello') },
    '--engine ops': ours('ops'),
    '--engine builtin': ours('builtin'),
  };
}

const release = join(work, 'home/.ops', VERSION);
mkdirSync(join(release, 'klibs'), { recursive: true });
writeFileSync(join(release, 'kernel.img'), 'no kernel');
const bootLoader = Buffer.alloc(512);
bootLoader.writeUInt16LE(0xaa55, 510);
writeFileSync(join(release, 'boot.img'), bootLoader);
writeFileSync(join(work, 'home/.ops/latest.txt'), VERSION);
writeFileSync(join(work, 'home/.ops/common.tar.gz'), gzipSync(Buffer.alloc(1024)));
mkdirSync(join(work, 'bin'));
symlinkSync(ops, join(work, 'bin/ops'));
const opsEnvironment = { HOME: join(work, 'home'), OPS_HOME: join(work, 'home'), HTTP_PROXY: 'http://127.0.0.1:0', HTTPS_PROXY: 'http://127.0.0.1:0' };

function largeFiles(folder, sizeMiB) {
  const piece = Buffer.alloc(MIB);
  for (let index = 0; index < sizeMiB; index += 1) appendFileSync(join(folder, `part-${index % 4}.bin`), randomFillSync(piece));
}

function smallFiles(folder, count) {
  for (let index = 0; index < count; index += 1) {
    const sub = join(folder, `d${index % 100}`);
    if (index < 100) mkdirSync(sub);
    writeFileSync(join(sub, `file-${index}.txt`), `content of file ${index}\n`.repeat(index % 20));
  }
}

async function compare(name, fill) {
  const ways = makeProject(name, fill);
  const seconds = Object.fromEntries(Object.keys(ways).map((way) => [way, []]));
  // once unmeasured, then in turn, so that all see the same machine
  for (let run = -1; run < runs; run += 1) {
    for (const [way, call] of Object.entries(ways)) {
      // all start without an output and with a disk that is done with what came before
      rmSync(call.image, { force: true });
      spawnSync('sync');
      const one = await time(call);
      if (run >= 0) seconds[way].push(one);
    }
  }
  const base = seconds['ops build'];
  console.log(`\n${name}`);
  for (const [way, { image }] of Object.entries(ways)) {
    const columns = [median, best].flatMap((pick) => [`${pick(seconds[way]).toFixed(3)} s`, `${(pick(seconds[way]) / pick(base)).toFixed(2)} ×`]);
    console.log([`  ${way}`.padEnd(20), ...columns.map((text) => text.padStart(9)), `${(statSync(image).size / MIB).toFixed(1)} MiB`.padStart(12)].join(' '));
  }
  rmSync(join(work, name), { recursive: true });
}

try {
  console.log(`median and best of ${runs}; in × of ops build`);
  await compare('small program', () => {});
  await compare('64 MiB', (folder) => largeFiles(folder, 64));
  await compare(values.quick ? '256 MiB' : '1 GiB', (folder) => largeFiles(folder, values.quick ? 256 : 1024));
  await compare('20,000 files', (folder) => smallFiles(folder, 20_000));
} finally {
  rmSync(work, { recursive: true, force: true });
}
