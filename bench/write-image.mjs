// Writing images, as whole processes: `package-vm build` against `cp` of the same bytes, in turn, as ratios of medians in one run.
// node bench/write-image.mjs [--runs 5] [--quick]
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomFillSync } from 'node:crypto';
import { parseArgs } from 'node:util';

const { values } = parseArgs({ options: { runs: { type: 'string', default: '5' }, quick: { type: 'boolean', default: false } } });
const runs = Number(values.runs);
const root = new URL('..', import.meta.url).pathname;
const cli = join(root, 'packages/package-vm/dist/cli/main.js');
const work = mkdtempSync(join(tmpdir(), 'package-vm-bench-'));

/** Seconds and peak memory of a command. */
function time(command, args) {
  return new Promise((resolve, reject) => {
    const started = process.hrtime.bigint();
    const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'pipe'] });
    let peakBytes = 0;
    let errors = '';
    child.stderr.on('data', (chunk) => (errors += chunk));
    const poll = setInterval(() => {
      try {
        const peak = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'));
        if (peak !== null) peakBytes = Math.max(peakBytes, Number(peak[1]) * 1024);
      } catch {
        // it has ended
      }
    }, 10);
    child.on('error', reject);
    child.on('exit', (code) => {
      clearInterval(poll);
      if (code === 0) resolve({ seconds: Number(process.hrtime.bigint() - started) / 1e9, peakBytes });
      else reject(new Error(`${command} ${args.join(' ')} ended with ${code}: ${errors}`));
    });
  });
}

const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];

/** Times commands in turn, once unmeasured, so that all see the same machine. */
async function compare(folder, commands) {
  const results = Object.fromEntries(Object.keys(commands).map((name) => [name, []]));
  for (let run = -1; run < runs; run += 1) {
    for (const [name, steps] of Object.entries(commands)) {
      // both start without an output, untimed: what is overwritten or freed meanwhile is not the subject
      for (const left of ['copy', 'out.img', 'out.img.json']) rmSync(join(folder, left), { recursive: true, force: true });
      let total = { seconds: 0, peakBytes: 0 };
      for (const [command, ...args] of steps) {
        const one = await time(command, args);
        total = { seconds: total.seconds + one.seconds, peakBytes: Math.max(total.peakBytes, one.peakBytes) };
      }
      if (run >= 0) results[name].push(total);
    }
  }
  return Object.fromEntries(Object.entries(results).map(([name, all]) => [name, { seconds: median(all.map(({ seconds }) => seconds)), peakBytes: Math.max(...all.map(({ peakBytes }) => peakBytes)) }]));
}

function makeProject(name, fill) {
  const folder = join(work, name);
  mkdirSync(join(folder, 'data'), { recursive: true });
  fill(join(folder, 'data'));
  writeFileSync(join(folder, 'program'), readFileSync(join(root, 'packages/disk-image/src/testing/golden/hello')), { mode: 0o755 });
  writeFileSync(join(folder, 'vm.json'), JSON.stringify({ Program: 'program', Dirs: ['data'], Mounts: { '%0': '/workspace' }, ManifestPassthrough: { readonly_rootfs: 'true' } }));
  return { folder, build: ['node', cli, 'build', join(folder, 'program'), '-c', join(folder, 'vm.json'), '--nanos-dir', release, '-o', join(folder, 'out.img')] };
}

const release = join(work, 'release');
mkdirSync(join(release, 'klibs'), { recursive: true });
writeFileSync(join(release, 'PLACEHOLDER'), '');
writeFileSync(join(release, 'kernel.img'), 'no kernel');
const bootLoader = Buffer.alloc(512);
bootLoader.writeUInt16LE(0xaa55, 510);
writeFileSync(join(release, 'boot.img'), bootLoader);

function largeFiles(folder, count, sizeBytes) {
  const piece = Buffer.alloc(1024 * 1024);
  for (let index = 0; index < count; index += 1) {
    const pieces = Array.from({ length: sizeBytes / piece.length }, () => Buffer.from(randomFillSync(piece)));
    writeFileSync(join(folder, `part-${index}.bin`), Buffer.concat(pieces));
  }
}

function smallFiles(folder, count) {
  for (let index = 0; index < count; index += 1) {
    const sub = join(folder, `d${index % 100}`);
    if (index < 100) mkdirSync(sub);
    writeFileSync(join(sub, `file-${index}.txt`), `content of file ${index}\n`.repeat(index % 20));
  }
}

/** What an image's digest needs at least: each byte once, one after the other, by the library that Node has. */
const HASH_ALL = `const hash = crypto.createHash('sha256');
const piece = Buffer.alloc(1024 * 1024);
for (const name of fs.readdirSync(process.argv[1])) {
  const file = fs.openSync(path.join(process.argv[1], name));
  for (let count; (count = fs.readSync(file, piece)) > 0; ) hash.update(piece.subarray(0, count));
}
hash.digest()`;

const row = (name, seconds, ratio, peakBytes) => console.log(`${name.padEnd(44)} ${seconds.toFixed(3).padStart(8)} s ${ratio.padStart(8)} ${`${Math.round(peakBytes / 1024 / 1024)} MiB`.padStart(9)}`);

try {
  const parts = values.quick ? 1 : 4;
  const large = makeProject('large', (folder) => largeFiles(folder, parts, 256 * 1024 * 1024));
  const copy = ['cp', '-r', join(large.folder, 'data'), join(large.folder, 'copy')];
  const largeTimes = await compare(large.folder, {
    cp: [copy],
    'SHA-256 alone': [['node', '-e', HASH_ALL, join(large.folder, 'data')]],
    build: [large.build],
    'cp, on the disk': [copy, ['sync', '-f', join(large.folder, 'copy')]],
    'build --sync': [[...large.build, '--sync']],
  });
  console.log(`\n${parts * 256} MiB in ${parts} files, median of ${runs}`.padEnd(46), '   wall    ratio      peak');
  for (const [name, base] of [['cp', 'cp'], ['SHA-256 alone', 'cp'], ['build', 'cp'], ['cp, on the disk', 'cp, on the disk'], ['build --sync', 'cp, on the disk']]) {
    row(name, largeTimes[name].seconds, `${(largeTimes[name].seconds / largeTimes[base].seconds).toFixed(2)} ×`, largeTimes[name].peakBytes);
  }
  rmSync(large.folder, { recursive: true });

  const small = makeProject('small', (folder) => smallFiles(folder, 20_000));
  const smallTimes = await compare(small.folder, { cp: [['cp', '-r', join(small.folder, 'data'), join(small.folder, 'copy')]], build: [small.build] });
  console.log('\n20,000 small files');
  for (const name of ['cp', 'build']) row(name, smallTimes[name].seconds, `${(smallTimes[name].seconds / smallTimes.cp.seconds).toFixed(2)} ×`, smallTimes[name].peakBytes);

  const tiny = makeProject('tiny', () => {});
  const tinyTimes = await compare(tiny.folder, { 'node -e 0': [['node', '-e', '0']], build: [tiny.build] });
  console.log('\na small image');
  for (const name of ['node -e 0', 'build']) row(name, tinyTimes[name].seconds, `${(tinyTimes[name].seconds / tinyTimes['node -e 0'].seconds).toFixed(2)} ×`, tinyTimes[name].peakBytes);
} finally {
  rmSync(work, { recursive: true, force: true });
}
