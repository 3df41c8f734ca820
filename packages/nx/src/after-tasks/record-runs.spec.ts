import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { readRecord, recordFile } from 'package-vm/run-record';
import { wordsId } from '../plugin/fingerprint-words.js';
import { recordRuns } from './record-runs.js';

const FILES = {
  '.gitignore': '.nx\nignored.txt\n',
  'Cargo.toml': 'root',
  'a/Cargo.toml': 'crate',
  'a/src/main.rs': 'main',
  'a/vm.json': '{}',
  'a/ignored.txt': 'ignored',
  'other/src/lib.rs': 'lib',
  'keys/one.bin': '1',
  'keys/two.txt': '2',
};
const NODES = {
  'a:a/**/*,!a/vm.json': '1',
  'workspace:[{workspaceRoot}/Cargo.toml,{workspaceRoot}/keys/*.{bin,pem},{workspaceRoot}/not-there]': '2',
  'npm:x': '3',
  'runtime:node "x/fingerprint.js" toolchain . \'env:APP_*\'': '4',
};
const OUTPUT = 'dist/package-vm/a/a/bundle';

let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'record-'));
  write(FILES);
  execFileSync('git', ['init', '-q'], { cwd: root });
});
afterAll(() => {
  rmSync(root, { recursive: true });
});

function write(files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}

function ended(hash: string, status: string, { output = OUTPUT, task = 'a:cargo-build' } = {}): void {
  const result = { task: { id: task, target: { project: 'a', target: 'cargo-build' }, outputs: [output], hash, hashDetails: { command: '0', nodes: NODES } }, status, code: 0 };
  recordRuns({ workspaceRoot: root, taskResults: { [task]: result } as unknown as Parameters<typeof recordRuns>[0]['taskResults'] });
}

const record = (task = 'a:cargo-build'): ReturnType<typeof readRecord> => readRecord(recordFile(join(root, '.nx/workspace-data'), task));

it('keeps digests of what Nx hashed, file by file, and of the parts of a fingerprint', () => {
  write({ [`.nx/workspace-data/package-vm-parts-${wordsId(['toolchain', '.', 'env:APP_*'])}.json`]: JSON.stringify({ variables: { APP_KEY: 'digest' } }) });
  ended('1', 'success');
  expect(record()).toMatchObject({ task: 'a:cargo-build', project: 'a', runs: [{ key: '1', isHit: false, nodes: NODES, parts: { variables: { APP_KEY: 'digest' } } }] });
  expect(Object.keys(record()?.runs[0]?.files ?? {}).sort()).toEqual(['Cargo.toml', 'a/Cargo.toml', 'a/src/main.rs', 'keys/one.bin']);
});

it('keeps the last five keys, the latest last, whether they were hits or not', () => {
  for (const key of ['2', '3', '4', '5', '6', '3']) ended(key, 'remote-cache');
  expect(record()?.runs.map(({ key }) => key)).toEqual(['2', '4', '5', '6', '3']);
  ended('3', 'success');
  expect(record()?.runs.at(-1)).toMatchObject({ key: '3', isHit: false });
});

it.each([
  { reason: 'a task that failed', status: 'failure', output: OUTPUT },
  { reason: 'a task that is none of ours', status: 'success', output: 'dist/elsewhere' },
])('keeps nothing of $reason', ({ status, output }) => {
  ended('1', status, { output, task: 'a:other' });
  expect(record('a:other')).toBeUndefined();
});
