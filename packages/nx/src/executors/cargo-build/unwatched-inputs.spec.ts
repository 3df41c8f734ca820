import type { ExecutorContext, TargetConfiguration } from '@nx/devkit';
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { addFiles, removeTrees, temporaryTree } from '../../plugin/testing/temporary-tree.js';
import { unwatchedInputs } from './unwatched-inputs.js';

afterAll(removeTrees);

const TOOLCHAIN = { runtime: "node fingerprint.js toolchain . ./headers 'env:APP_*' ws/Cargo.lock" };

const INPUTS = [TOOLCHAIN, { runtime: 'cat commit' }, { env: 'SEED' }, { dependentTasksOutputFiles: '**/*' }];

let root: string;
beforeEach(() => {
  root = temporaryTree({ cc: '#!/bin/sh\necho cc 1\n', rustc: '#!/bin/sh\necho rustc 1\n', 'headers/a.h': '1', 'ws/Cargo.lock': '1', commit: 'one', 'dist/keys/k.bin': '1' });
  for (const name of ['cc', 'rustc']) chmodSync(join(root, name), 0o755);
});

function unwatched(env: Readonly<Record<string, string>> = {}, inputs: TargetConfiguration['inputs'] = INPUTS) {
  const task = (project: string, target: string, outputs: string[]) => ({ id: `${project}:${target}`, target: { project, target }, outputs, overrides: {}, parallelism: true, cache: true });
  const tasks = { 'a:cargo-build': task('a', 'cargo-build', []), 'keys:make': task('keys', 'make', ['dist/keys']) };
  const context: ExecutorContext = {
    root, cwd: root, isVerbose: false, projectName: 'a', targetName: 'cargo-build', target: { inputs },
    projectGraph: { nodes: {}, dependencies: {} }, projectsConfigurations: { version: 2, projects: { a: { root: 'a' } } }, nxJsonConfiguration: {},
    taskGraph: { roots: [], tasks, dependencies: { 'a:cargo-build': ['keys:make'] }, continuousDependencies: {} },
  };
  return unwatchedInputs(context, { PATH: `${root}:${process.env.PATH ?? ''}`, CARGO_HOME: join(root, 'none'), RUSTUP_HOME: join(root, 'none'), ...env });
}

describe('unwatchedInputs', () => {
  it('has what the machine links with and what the settings name, the lock file aside', async () => {
    const { machine, named } = (await unwatched()) ?? {};
    expect(Object.keys(machine ?? {})).toEqual(expect.arrayContaining(['. cc', '. libc.so.6', '. variables']));
    expect(Object.keys(named ?? {}).sort()).toEqual(['$ cat commit', join(root, 'dist/keys/k.bin'), join(root, 'headers/a.h'), 'variables']);
  });

  it.each([
    { reason: 'a C compiler', files: { cc: '#!/bin/sh\necho cc 2\n' }, of: 'machine' },
    { reason: 'flags of C compilers', env: { CFLAGS: '-O1' }, of: 'machine' },
    { reason: 'a file that is named', files: { 'headers/a.h': '2' }, of: 'named' },
    { reason: 'what a command says', files: { commit: 'two' }, of: 'named' },
    { reason: 'a variable that is named', env: { SEED: '1' }, of: 'named' },
    { reason: 'a variable that a pattern means', env: { APP_MODE: '1' }, of: 'named' },
    { reason: 'what a task made', files: { 'dist/keys/k.bin': '2' }, of: 'named' },
  ] as const)('changes with $reason', async ({ of, ...change }) => {
    const before = await unwatched();
    if ('files' in change) addFiles(root, change.files);
    const after = await unwatched('env' in change ? change.env : {});
    const other = of === 'machine' ? 'named' : 'machine';
    expect(after?.[of]).not.toEqual(before?.[of]);
    expect(after?.[other]).toEqual(before?.[other]);
  });

  it.each([
    { reason: 'flags of rustc', env: { RUSTFLAGS: '-g' } },
    { reason: 'a profile', env: { CARGO_PROFILE_RELEASE_LTO: 'true' } },
  ])('leaves $reason to cargo', async ({ env }) => {
    expect(await unwatched(env)).toEqual(await unwatched());
  });

  it('knows nothing of a target whose key has no toolchain', async () => {
    expect(await unwatched({}, [])).toBeUndefined();
  });
});
