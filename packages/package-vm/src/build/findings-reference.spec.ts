import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { planWordings } from '../plan/plan-findings.js';
import { findingsBuildPage } from './testing/findings-build-page.js';
import { planExamples } from '../plan/testing/plan-examples.js';
import { runExample } from '../plan/testing/run-example.js';

const PAGE = join(import.meta.dirname, '../../../../docs/findings-build.md');

describe('the words of findings on files', () => {
  it('have an example each', () => {
    expect([...Object.keys(planExamples), 'unreadable-path'].sort()).toEqual(Object.keys(planWordings).sort());
  });

  it.each(Object.entries(planExamples).map(([code, example]) => ({ code, example })))('$code: found, and gone when put right', async ({ code, example }) => {
    const found = (await runExample(example, example.bad)).map((finding) => finding.code);
    expect([...new Set(found)]).toEqual([code]);
    expect(await runExample(example, example.good)).toEqual([]);
  });

  it('are explained in the docs as they are', async () => {
    const text = await findingsBuildPage();
    if (process.env.PACKAGE_VM_GENERATE === '1') writeFileSync(PAGE, text);
    const isStale = readFileSync(PAGE, 'utf8') !== text;
    expect(isStale ? 'docs/findings-build.md is stale: run `npm run generate`' : 'fresh').toBe('fresh');
  });
});
