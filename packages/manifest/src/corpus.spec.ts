import { fixManifest } from './fix/index.js';
import { type CheckOptions, type Finding, inFileOrder } from './index.js';
import { findingLine, readCorpus } from './testing/corpus.js';
import { findingsOf } from './testing/findings-of.js';

const corpus = readCorpus();
const options = { file: 'vm.json', platform: 'gevulot', program: 'my_prover' } as const satisfies CheckOptions;
const linesOf = (findings: readonly Finding[]): string[] => inFileOrder(findings).map(findingLine);

describe('the corpus', () => {
  it('has at least 120 manifests', () => {
    expect(corpus.length).toBeGreaterThanOrEqual(120);
  });

  it.each(corpus)('$title', ({ text, platform, expected }) => {
    expect(linesOf(findingsOf(text, { ...options, platform }))).toEqual(expected);
  });

  it.each(corpus)('is fixed without a new finding, and once for all: $title', ({ text, platform }) => {
    const before = codesOf(findingsOf(text, { ...options, platform }));
    const fixed = fixManifest(text, { ...options, platform, scope: 'safe' });
    for (const code of codesOf(fixed.findings)) expect(before).toContain(code);
    expect(fixed.findings.length).toBeLessThanOrEqual(before.length);
    const isJson = !codesOf(fixed.findings).includes('syntax');
    if (isJson) expect(fixed.findings.filter((finding) => finding.fix?.isSafe === true)).toEqual([]);
    expect(fixManifest(fixed.text, { ...options, platform, scope: 'safe' }).text).toBe(fixed.text);
  });

  it('is checked quickly: a thousand manifests within the time that a thousand files would take to read', () => {
    const started = performance.now();
    for (let index = 0; index < 1000; index += 1) findingsOf(corpus[index % corpus.length]?.text ?? '', options);
    // two seconds by itself; a loaded machine and the test's own overhead get more
    expect(performance.now() - started).toBeLessThan(6000);
  });
});

function codesOf(findings: readonly Finding[]): string[] {
  return findings.map(({ code }) => code);
}
