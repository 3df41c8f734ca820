import { isAllowable, wordings } from './findings.js';
import { findingsPage } from './testing/findings-page.js';
import { manifestPage } from './testing/manifest-page.js';
import { expectGenerated } from './testing/generated-file.js';

describe('the reference', () => {
  it('has the manifest as it is', () => {
    expectGenerated('docs/manifest.md', manifestPage());
  });

  it('has the findings as they are', () => {
    expectGenerated('docs/findings.md', findingsPage());
  });

  it('explains every finding under its code, and which can be allowed', () => {
    const page = findingsPage();
    for (const code of Object.keys(wordings)) {
      const [, section = ''] = page.split(`\n## ${code}\n`);
      expect(`${code}: ${section.slice(0, 60).includes('cannot be allowed')}`).toBe(`${code}: ${!isAllowable(code)}`);
    }
  });
});
