import { explainTask } from './explain-runs.js';
import { type RecordedRun } from './run-record.js';

const TOOLCHAIN = 'runtime:node "node_modules/@package-vm/nx/dist/fingerprint.js" toolchain .';
const base: RecordedRun = {
  key: '1',
  isHit: false,
  nodes: { 'npm:package-vm': 'a', 'p:ProjectConfiguration': 'b', [TOOLCHAIN]: 'c', 'workspace:[{workspaceRoot}/Cargo.toml]': 'd', 'runtime:git rev-parse HEAD': 'e', 'env:SEED': 'f', '**/*:dist/keys': 'g', 'env:NX_CLOUD_ENCRYPTION_KEY': 'h' },
  files: { 'p/src/main.rs': 'a', 'Cargo.toml': 'b', 'keys/k.bin': 'c', '.cargo/config.toml': 'd', 'p/rust-toolchain.toml': 'e' },
  parts: { compilers: { 'rustc 1.90.0': 'a' }, variables: { RUSTFLAGS: 'b' }, files: { 'keys/k.bin': 'c', 'Cargo.lock': 'd' } },
};

const changes = (change: Partial<RecordedRun>): object => {
  const explained = explainTask({ schemaVersion: 1, task: 'p:cargo-build', project: 'p', runs: [base, { ...base, ...change, key: '2' }] });
  return Object.fromEntries((explained?.inputs ?? []).flatMap(({ name, changed = [] }) => (changed.length > 0 ? [[name, changed]] : [])));
};

describe('explainTask', () => {
  it('sorts what a key is made of into classes', () => {
    const explained = explainTask({ schemaVersion: 1, task: 'p:cargo-build', project: 'p', runs: [base] });
    expect(explained).toMatchObject({ task: 'p:cargo-build', key: '1', isHit: false, before: undefined });
    expect(explained?.inputs.map(({ name }) => name)).toEqual([
      'sources', 'named files', 'Cargo.toml', 'Cargo.lock', 'toolchain files', 'cargo files', 'bundle', 'compilers', 'variables', 'commands', 'our version', 'target',
    ]);
  });

  it.each<{ reason: string; change: Partial<RecordedRun>; expected: object }>([
    { reason: 'another content', change: { files: { ...base.files, 'p/src/main.rs': 'x' } }, expected: { sources: ['p/src/main.rs'] } },
    { reason: 'a new file', change: { files: { ...base.files, 'p/src/new.rs': 'x' } }, expected: { sources: ['p/src/new.rs'] } },
    { reason: 'a file that is gone', change: { files: {}, parts: base.parts }, expected: { sources: ['p/src/main.rs'], 'Cargo.toml': ['Cargo.toml'], 'cargo files': ['.cargo/config.toml'], 'toolchain files': ['p/rust-toolchain.toml'] } },
    { reason: 'a file that a fingerprint holds', change: { parts: { ...base.parts, files: { 'keys/k.bin': 'x', 'Cargo.lock': 'd' } } }, expected: { 'named files': ['keys/k.bin'] } },
    { reason: 'another compiler', change: { parts: { ...base.parts, compilers: { 'rustc 1.91.0': 'x' } } }, expected: { compilers: ['rustc 1.90.0', 'rustc 1.91.0'] } },
    { reason: 'a variable', change: { parts: { ...base.parts, variables: {} } }, expected: { variables: ['RUSTFLAGS'] } },
    { reason: 'what Nx asked', change: { nodes: { ...base.nodes, 'env:SEED': 'x', 'runtime:git rev-parse HEAD': 'x' } }, expected: { variables: ['SEED'], commands: ['git rev-parse HEAD'] } },
    { reason: 'our version', change: { nodes: { ...base.nodes, 'npm:package-vm': 'x' } }, expected: { 'our version': ['package-vm'] } },
    { reason: 'what another task made', change: { nodes: { ...base.nodes, '**/*:dist/keys': 'x' } }, expected: { bundle: ['dist/keys'] } },
    { reason: 'what came into a folder', change: { nodes: { ...base.nodes, 'runtime:node "x/fingerprint.js" names p/data/': 'x' } }, expected: { 'named files': ['names in folders'] } },
    { reason: 'a fingerprint that nobody took apart', change: { nodes: { ...base.nodes, [TOOLCHAIN]: 'x' } }, expected: { 'not told apart': [TOOLCHAIN] } },
    { reason: 'nothing that Nx told', change: {}, expected: { 'not told apart': ['the key itself'] } },
  ])('names $reason', ({ change, expected }) => {
    expect(changes(change)).toEqual(expected);
  });

  it('says nothing of a task without runs', () => {
    expect(explainTask({ schemaVersion: 1, task: 'p:t', project: 'p', runs: [] })).toBeUndefined();
  });
});
