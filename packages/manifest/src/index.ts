export type { Finding, FindingCode, Place, Severity } from './finding.js';
