import type { ExecutorContext, TargetConfiguration } from '@nx/devkit';
import { targetInputs } from './target-inputs.js';

function context(inputs: TargetConfiguration['inputs'], more: Partial<ExecutorContext> = {}): ExecutorContext {
  return {
    root: '/ws', cwd: '/ws', isVerbose: false, projectName: 'a', targetName: 'cargo-build',
    projectGraph: { nodes: {}, dependencies: {} }, projectsConfigurations: { version: 2, projects: { a: { root: 'a' } } },
    nxJsonConfiguration: { namedInputs: { shared: ['default', '{workspaceRoot}/shared/**/*'] } },
    target: { inputs: inputs ?? [] },
    ...more,
  };
}

describe('targetInputs', () => {
  it('puts named inputs in the place of their names', () => {
    expect(targetInputs(context(['shared', '!{projectRoot}/x'])).filesets).toEqual(['{projectRoot}/**/*', '{workspaceRoot}/shared/**/*', '!{projectRoot}/x']);
  });

  it('takes what Nx takes where a target has none, and follows the dependencies of its project', () => {
    const projects = { a: { root: 'a' }, b: { root: 'libs/b' }, c: { root: 'libs/c', namedInputs: { default: ['{projectRoot}/src/**/*'] } }, d: { root: 'd' } };
    const edge = (source: string, target: string) => ({ source, target, type: 'static' });
    const projectGraph = { nodes: {}, dependencies: { a: [edge('a', 'b'), edge('a', 'npm:x')], b: [edge('b', 'c')], c: [edge('c', 'b')] } };
    const whole = { ...context([]), projectsConfigurations: { version: 2, projects }, projectGraph, target: {} };
    expect(targetInputs(whole).filesets).toEqual(['{projectRoot}/**/*', '{workspaceRoot}/libs/b/**/*', '{workspaceRoot}/libs/c/src/**/*']);
  });

  it('knows variables, commands, and what fingerprints hold', () => {
    const command = 'node "x/fingerprint.js" toolchain . ../keys/k.bin data/*.bin env:APP_*';
    const { variables, commands, toolchain, holds } = targetInputs(context([{ env: 'SEED' }, { runtime: command }, { runtime: 'git rev-parse HEAD' }]));
    expect([variables, commands]).toEqual([['APP_*', 'SEED'], ['git rev-parse HEAD']]);
    expect(toolchain).toEqual({ folder: '.', words: ['../keys/k.bin', 'data/*.bin', 'env:APP_*'] });
    expect(['/keys/k.bin', '/ws/data/a.bin', '/ws/data/a.txt', '/ws/data/deep/a.bin', '/keys'].filter(holds)).toEqual(['/keys/k.bin', '/ws/data/a.bin']);
  });

  it.each([
    { major: 23, dependency: 'keys:make' },
    { major: 24, dependency: { id: 'keys:make' } },
  ])('knows outputs of tasks before it, where an input names them (Nx $major)', ({ dependency }) => {
    const task = (project: string, target: string, outputs: string[]) => ({ id: `${project}:${target}`, target: { project, target }, outputs, overrides: {}, parallelism: true, cache: true });
    const tasks = { 'a:cargo-build': task('a', 'cargo-build', []), 'keys:make': task('keys', 'make', ['dist/keys']), 'other:make': task('other', 'make', ['dist/other']) };
    const taskGraph = { roots: [], tasks, dependencies: { 'a:cargo-build': [dependency as string] }, continuousDependencies: {} };
    const holds = (files: string): readonly string[] => ['/ws/dist/keys/k.bin', '/ws/dist/keys/log', '/ws/dist/other/k.bin'].filter(targetInputs(context([{ dependentTasksOutputFiles: files }], { taskGraph })).holds);
    expect(holds('**/*')).toEqual(['/ws/dist/keys/k.bin', '/ws/dist/keys/log']);
    expect(holds('**/*.bin')).toEqual(['/ws/dist/keys/k.bin']);
  });
});
