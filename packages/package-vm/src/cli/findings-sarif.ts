import { type Finding } from '@package-vm/manifest';
import { findingDocs } from './finding-docs.js';

/** Findings as a SARIF 2.1.0 log with one run. Files are relative to the repository, `SRCROOT`; allowed findings are suppressed with their reason. */
export function findingsSarif(findings: readonly Finding[], toolVersion: string): object {
  const codes = [...new Set(findings.map(({ code }) => code))].sort();
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: { name: 'package-vm', semanticVersion: toolVersion, rules: codes.map(rule) },
        },
        columnKind: 'utf16CodeUnits',
        results: findings.map((finding) => result(finding, codes.indexOf(finding.code))),
      },
    ],
  };
}

/** GitHub's code scanning wants a description of each rule: https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning */
function rule(code: string): object {
  const text = code.charAt(0).toUpperCase() + code.slice(1).replaceAll('-', ' ');
  return { id: code, shortDescription: { text }, fullDescription: { text }, help: { text: `See ${findingDocs(code)}` } };
}

function result({ code, severity, message, hint, place, allowed }: Finding, ruleIndex: number): object {
  const { line, column, endLine, endColumn } = place;
  const region = line === undefined ? undefined : withoutUndefined({ startLine: line, startColumn: column, endLine, endColumn });
  return {
    ruleId: code,
    ruleIndex,
    level: severity,
    message: { text: hint === undefined ? `${message}.` : `${message}. ${hint}` },
    locations: [{ physicalLocation: { artifactLocation: { uri: uriOf(place.file), uriBaseId: 'SRCROOT' }, ...(region === undefined ? {} : { region }) } }],
    ...(allowed === undefined ? {} : { suppressions: [{ kind: 'external', justification: allowed }] }),
  };
}

/** A file as a relative reference: what would begin a query, a fragment or a scheme is part of its name. */
function uriOf(file: string): string {
  return encodeURI(file).replace(/[?#:]/g, encodeURIComponent);
}

function withoutUndefined(values: Readonly<Record<string, number | undefined>>): Readonly<Record<string, number>> {
  return Object.fromEntries(Object.entries(values).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])));
}
