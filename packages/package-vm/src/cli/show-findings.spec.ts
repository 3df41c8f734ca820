import { type Finding } from '@package-vm/manifest';
import pc from 'picocolors';
import { showFindings } from './show-findings.js';
import { type Terminal } from './terminal.js';

function shown(findings: readonly Finding[], options: Parameters<typeof showFindings>[2] = {}): readonly string[] {
  const lines: string[] = [];
  const terminal: Terminal = {
    out: () => Promise.resolve(),
    note: (line) => lines.push(line),
    pass: () => undefined,
    isInteractive: false,
    colors: pc.createColors(false),
    cwd: '/',
    env: {},
    signal: new AbortController().signal,
  };
  showFindings(findings, terminal, options);
  return lines;
}

const finding = (line: number, severity: Finding['severity'] = 'note'): Finding => ({ code: 'no-effect', severity, message: 'Nothing', place: { file: 'vm.json', line, column: 1 } });
const many = (count: number): Finding[] => Array.from({ length: count }, (_, index) => finding(index + 1));

describe('showFindings', () => {
  it('shows a hundred, and says how many more there are', () => {
    expect(shown(many(100))).toHaveLength(100);
    expect(shown(many(101)).slice(99)).toEqual(['vm.json:100:1 note no-effect: Nothing', '… and 1 more; `check --json` lists all.']);
  });

  it('shows an error that stands behind all others, in its place', () => {
    const lines = shown([...many(200), finding(201, 'error'), finding(202)]);
    expect(lines.slice(98)).toEqual(['vm.json:99:1 note no-effect: Nothing', 'vm.json:201:1 error no-effect: Nothing', '… and 102 more; `check --json` lists all.']);
  });

  it('shows no notes where they are not wanted', () => {
    expect(shown([finding(1), finding(2, 'warning')], { showNotes: false })).toEqual(['vm.json:2:1 warning no-effect: Nothing']);
  });

  it('shows no line of a text that is too large to be read', () => {
    const textOf = (): string => 'x'.repeat(1024 * 1024 + 1);
    expect(shown([finding(1)], { textOf })).toEqual(['vm.json:1:1 note no-effect: Nothing']);
  });
});
