// What is tried with the images of each engine.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { at, command, type CommandRun, digest, fresh, nanos, repository, waitsForRehearsal } from './workbench.js';

/** Packages a gibibyte in large files and 300 in nested folders, and has the probe read all of it. */
export function readMuch(engine: string): void {
  const source = fresh('large');
  mkdirSync(join(source, 'data'));
  for (let index = 0; index < 4; index++) {
    writeFileSync(join(source, 'data', `large-${index}`), 'abc');
    truncateSync(join(source, 'data', `large-${index}`), 256 * 1024 * 1024);
  }
  for (let index = 0; index < 300; index++) {
    const nested = join(source, 'data', String(index % 10), String(index % 7), 'deep');
    mkdirSync(nested, { recursive: true });
    writeFileSync(join(nested, `${index}.txt`), `file ${index}\n`);
  }
  cpSync(at('probe'), join(source, 'probe'));
  writeFileSync(join(source, 'vm.json'), JSON.stringify({ Args: ['add-up', '/data'], Dirs: ['data'], ManifestPassthrough: { readonly_rootfs: 'true', debug_exit: 't' }, Mounts: { '%0': '/workspace' } }));
  const image = join(source, 'x.img');
  expect(command('build', join(source, 'probe'), '-c', join(source, 'vm.json'), '--nanos-dir', nanos ?? '', '--engine', engine, '-o', image)).toMatchObject({ status: 0 });
  const expected = execFileSync(at('probe'), ['add-up', join(source, 'data')], { encoding: 'utf8' });
  expect(expected).toMatch(/^304 files /);
  const before = digest(image);
  expect(command('run', image, '--accel', 'tcg')).toMatchObject({ status: 0, stdout: expected });
  if (waitsForRehearsal === undefined) expect(command('rehearse', image)).toMatchObject({ status: 0, stdout: expected });
  expect(digest(image)).toBe(before);
  rmSync(source, { recursive: true });
}

export function proveAndVerify(engine: string): void {
  const examples = join(repository, 'examples');
  execFileSync('cargo', ['build', '--release', '--locked', '--quiet'], { cwd: examples, stdio: 'pipe' });
  const images = ['prover', 'verifier'].map((name) => {
    const image = at(`${engine}-${name}.img`);
    expect(command('build', join(examples, 'target/release', `hash-chain-${name}`), '-c', join(examples, name, 'vm.json'), '--nanos-dir', nanos ?? '', '--engine', engine, '-o', image)).toMatchObject({ status: 0 });
    return image;
  });
  const [prover = '', verifier = ''] = images;
  writeFileSync(at('prove.json'), '{"id":"prove","args":["--seed","42","--length","16"],"files":[]}');
  const boots = ['run', '--accel', 'tcg'];
  const ways = waitsForRehearsal === undefined ? [boots, ['rehearse']] : [boots];
  const proofs = ways.map((way) => {
    const proved = `proved-${engine}-${way[0] ?? ''}`;
    const verify = (): CommandRun => command(...way, verifier, '--task', join(examples, 'verifier/task.json'), '--files-from', proved);
    expect(command(...way, prover, '--task', 'prove.json', '--workspace', proved)).toMatchObject({ status: 0, stdout: expect.stringContaining('hashing 42 16 times\n') as string });
    expect(verify()).toMatchObject({ status: 0, stderr: expect.stringContaining('("accepted")') as string });
    const written = ['proof.bin', 'claim.json', 'task_result.json'].map((name) => digest(at(proved, name)));

    const proof = readFileSync(at(proved, 'proof.bin'));
    proof.writeUInt8(proof.readUInt8(proof.length - 100) ^ 0xff, proof.length - 100);
    writeFileSync(at(proved, 'proof.bin'), proof);
    expect(verify()).toMatchObject({ status: 123, stderr: expect.stringContaining('proof refused') as string });
    return written;
  });
  for (const proof of proofs) expect(proof).toEqual(proofs[0]);
}
