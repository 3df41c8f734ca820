import { isManifestFinding } from '@package-vm/manifest';

/** Where a finding is explained, as page and anchor inside the repository. */
export function findingDocs(code: string): string {
  return `docs/${isManifestFinding(code) ? 'findings' : 'findings-build'}.md#${code}`;
}
