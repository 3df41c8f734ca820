import { jest } from '@jest/globals';
import { PackageVmError } from '@package-vm/errors';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Finding } from 'package-vm';
import { runOperation } from './run-operation.js';
import { showFindings } from './show-findings.js';

let root: string;
let printed: string[];
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'show-findings-'));
  mkdirSync(join(root, 'crate'));
  writeFileSync(join(root, 'crate/vm.json'), '{\n  "files": [],\n  "Args": 1\n}');
  printed = [];
  jest.spyOn(console, 'error').mockImplementation((line: unknown) => { printed.push(String(line)); });
});
afterEach(() => {
  jest.restoreAllMocks();
  rmSync(root, { recursive: true });
});

const at = (line: number, endColumn: number): Finding['place'] => ({ file: 'crate/vm.json', line, column: 3, endLine: line, endColumn });
const findings: readonly Finding[] = [
  { code: 'unknown-key', severity: 'error', message: '`files` is not a known key', hint: 'Did you mean `Files`?', place: at(2, 10) },
  { code: 'x', severity: 'error', message: 'Something', place: { file: 'bundle.json' } },
  { code: 'y', severity: 'note', message: 'Something else', place: at(3, 9) },
];

describe('showFindings', () => {
  it('shows the line of each finding, underlined, where there is one', async () => {
    await showFindings(findings.slice(0, 2), { root });
    expect(printed).toEqual([
      'crate/vm.json:2:3 error unknown-key: `files` is not a known key',
      '  1 │ {',
      '  2 │   "files": [],',
      '    │   ^^^^^^^',
      '  Did you mean `Files`?',
      'bundle.json error x: Something',
    ]);
  });

  it('leaves notes to the result file of a build', async () => {
    await showFindings(findings.slice(2), { root, withNotes: false });
    expect(printed).toEqual([]);
  });
});

describe('an error about a manifest', () => {
  it('shows all findings before its own words', async () => {
    const error = new PackageVmError('PVM_BAD_MANIFEST', 'Something (and 1 more problem)', { data: { findings } });
    await runOperation(() => Promise.reject(error));
    expect(printed.filter((line) => !line.startsWith('  '))).toEqual([
      'crate/vm.json:2:3 error unknown-key: `files` is not a known key',
      'bundle.json error x: Something',
      'PVM_BAD_MANIFEST: Something (and 1 more problem)',
    ]);
  });
});
