import { type Finding } from '@package-vm/manifest';
import { type CheckedProject } from './check-project.js';
import { fileByFile, mergeChecks } from './merge-checks.js';

const finding = (file: string, line: number): Finding => ({ code: 'syntax', severity: 'error', message: 'Wrong', place: { file, line, column: 1 } });
const check = (root: string, findings: readonly Finding[]): CheckedProject => ({ project: undefined, findings, files: new Map([['vm.json', `${root}/vm.json`]]) });

describe('mergeChecks', () => {
  it('tells files of one name in several Nx workspaces apart', () => {
    const { findings, files } = mergeChecks([check('/w/a', [finding('vm.json', 1)]), check('/w/b', [finding('vm.json', 1)])], '/w/a');
    expect(findings.map(({ place }) => place.file)).toEqual(['vm.json', '../b/vm.json']);
    expect([...files]).toEqual([['vm.json', '/w/a/vm.json'], ['../b/vm.json', '/w/b/vm.json']]);
  });

  it('gives what two manifests of one crate share once', () => {
    expect(mergeChecks([check('/w', [finding('vm.json', 1)]), check('/w', [finding('vm.json', 1)])], '/').findings).toHaveLength(1);
  });
});

describe('fileByFile', () => {
  it('keeps the order of the files, and sorts what is in each', () => {
    const sorted = fileByFile([finding('b', 3), finding('a', 2), finding('b', 1), finding('a', 1)]);
    expect(sorted.map(({ place }) => `${place.file}:${place.line}`)).toEqual(['b:1', 'b:3', 'a:1', 'a:2']);
  });
});
