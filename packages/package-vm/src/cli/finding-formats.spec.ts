import { Ajv } from 'ajv';
import { type Finding } from '@package-vm/manifest';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { countFindings, formatCounts } from './count-findings.js';
import { findingsJson } from './findings-json.js';
import { findingsSarif } from './findings-sarif.js';
import { githubAnnotations } from './github-annotations.js';

const findings: readonly Finding[] = [
  {
    code: 'unknown-key',
    severity: 'error',
    message: '`files` is 100%, not: a known key',
    hint: 'Did you mean `Files`?',
    place: { file: 'a b/vm,1.json', keys: ['files'], line: 2, column: 3, endLine: 2, endColumn: 10 },
    fix: { isSafe: true, changes: [{ kind: 'rename', keys: ['files'], to: 'Files' }] },
  },
  { code: 'reboot-on-exit', severity: 'error', message: 'It reboots', place: { file: 'vm.json', line: 1, column: 1 }, allowed: 'tried' },
  { code: 'host-libraries', severity: 'note', message: 'From here', place: { file: 'bundle.json' } },
];

describe('findings as data', () => {
  it('are what the shipped schema says', () => {
    const schema = JSON.parse(readFileSync(join(import.meta.dirname, '../../../manifest/schemas/findings.schema.json'), 'utf8')) as object;
    const validate = new Ajv({ strict: false }).compile(schema);
    const output = findingsJson(findings);
    expect(validate(output)).toBe(true);
    expect(output).toMatchObject({
      schemaVersion: 1,
      findings: [{ isFixable: true, docs: 'docs/findings.md#unknown-key' }, { isFixable: false, allowed: 'tried' }, { docs: 'docs/findings-build.md#host-libraries' }],
      summary: { errors: 1, warnings: 0, notes: 1, allowed: 1 },
    });
    // changes of the text are no interface
    expect(JSON.stringify(output)).not.toContain('rename');
  });

  it('are annotations of GitHub, escaped as it wants', () => {
    expect(githubAnnotations(findings).split('\n')).toEqual([
      '::error file=a b/vm%2C1.json,line=2,endLine=2,col=3,endColumn=10,title=unknown-key::`files` is 100%25, not: a known key%0ADid you mean `Files`?',
      '::notice file=vm.json,line=1,col=1,title=reboot-on-exit::It reboots (allowed: tried)',
      '::notice file=bundle.json,title=host-libraries::From here',
      '',
    ]);
  });

  it.each([
    { reason: 'of all kinds', found: findings },
    { reason: 'none', found: [] },
    { reason: 'in a file with a strange name', found: findings.map((finding) => ({ ...finding, place: { ...finding.place, file: '../a b#?%:c\u001b.json' } })) },
  ])('are a SARIF log by the official schema: $reason', ({ found }) => {
    // draft 4, of which ajv does not know the name of two keywords
    const path = createRequire(import.meta.url).resolve('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json');
    const { id, $schema, ...schema } = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
    const formats = { uri: (text: string) => URL.canParse(text), 'uri-reference': (text: string) => !/[\s#?]/.test(text) && new URL(text, 'file:///').protocol === 'file:', 'date-time': true as const };
    const validate = new Ajv({ strict: false, unicodeRegExp: false, formats }).compile(schema);
    validate(findingsSarif(found, '1.2.3'));
    expect([id, $schema, validate.errors]).toEqual([expect.stringContaining('sarif-2.1.0'), 'http://json-schema.org/draft-04/schema#', null]);
  });

  it('are a SARIF log with rules, regions and suppressions', () => {
    expect(findingsSarif(findings, '1.2.3')).toMatchObject({
      version: '2.1.0',
      runs: [
        {
          tool: { driver: { name: 'package-vm', semanticVersion: '1.2.3', rules: [{ id: 'host-libraries', shortDescription: { text: 'Host libraries' } }, { id: 'reboot-on-exit' }, { id: 'unknown-key' }] } },
          columnKind: 'utf16CodeUnits',
          results: [
            {
              ruleId: 'unknown-key',
              ruleIndex: 2,
              level: 'error',
              locations: [{ physicalLocation: { artifactLocation: { uri: 'a%20b/vm,1.json' }, region: { startLine: 2, startColumn: 3, endLine: 2, endColumn: 10 } } }],
            },
            { ruleIndex: 1, suppressions: [{ kind: 'external', justification: 'tried' }] },
            { level: 'note' },
          ],
        },
      ],
    });
  });
});

describe('formatCounts', () => {
  it.each([
    { found: findings, text: '1 error, 1 note, 1 allowed' },
    { found: [...findings, ...findings], text: '2 errors, 2 notes, 2 allowed' },
    { found: [], text: 'No findings' },
  ])('says $text', ({ found, text }) => {
    expect(formatCounts(countFindings(found))).toBe(text);
  });
});
