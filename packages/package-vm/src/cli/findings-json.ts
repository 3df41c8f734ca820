import { type Finding, withoutValues } from '@package-vm/manifest';
import { countFindings } from './count-findings.js';
import { findingDocs } from './finding-docs.js';

/** Findings as `check --json` prints them; `findings.schema.json` of `@package-vm/manifest` describes it. */
export function findingsJson(findings: readonly Finding[]): object {
  return {
    schemaVersion: 1,
    findings: findings.map(({ code, severity, message, hint, place, fix, allowed }) => ({
      code,
      severity,
      message,
      ...(hint === undefined ? {} : { hint }),
      place: place.keys === undefined ? place : { ...place, keys: withoutValues(place.keys) },
      isFixable: fix?.isSafe === true,
      docs: findingDocs(code),
      ...(allowed === undefined ? {} : { allowed }),
    })),
    summary: countFindings(findings),
  };
}
