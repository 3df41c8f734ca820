import fc from 'fast-check';
import { fixManifest } from './fix/index.js';
import { fixSyntax } from './fix/fix-syntax.js';
import { type CheckOptions, type Finding, checkManifest, parseManifest } from './index.js';
import { brokenTexts, manifests } from './testing/documents.js';
import { findingsOf } from './testing/findings-of.js';

const options = { file: 'vm.json', platform: 'gevulot', program: 'my_prover' } as const satisfies CheckOptions;
const platforms = fc.constantFrom('gevulot' as const, 'nanos' as const);

function countsOf(findings: readonly Finding[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { code } of findings) counts.set(code, (counts.get(code) ?? 0) + 1);
  return counts;
}

/** Notes count too. */
function expectNothingAdded(before: readonly Finding[], after: readonly Finding[]): void {
  const counts = countsOf(before);
  const added = [...countsOf(after)].filter(([code, count]) => count > (counts.get(code) ?? 0));
  expect(added).toEqual([]);
}

describe('any manifest', () => {
  it('that is right survives being printed and read again', () => {
    fc.assert(
      fc.property(manifests, (value) => {
        const first = parseManifest(JSON.stringify(value), { file: 'vm.json' });
        fc.pre(first.manifest !== undefined);
        // what could be understood of it is right by itself
        const printed = JSON.stringify(first.manifest, null, 2);
        const second = parseManifest(printed, { file: 'vm.json' });
        expect(second.findings).toEqual([]);
        expect(second.manifest).toEqual(first.manifest);
      }),
      { numRuns: 300 },
    );
  });

  it('is fixed without a new finding, once for all', () => {
    fc.assert(
      fc.property(manifests, platforms, (value, platform) => {
        const text = JSON.stringify(value, null, 2);
        const fixed = fixManifest(text, { ...options, platform, scope: 'safe' });
        expectNothingAdded(findingsOf(text, { ...options, platform }), fixed.findings);
        expect(fixManifest(fixed.text, { ...options, platform, scope: 'safe' }).text).toBe(fixed.text);
        expect(() => JSON.parse(fixed.text) as unknown).not.toThrow();
      }),
      { numRuns: 400 },
    );
  });

  it('that is no JSON becomes it without a new finding, or stays as it is', () => {
    fc.assert(
      fc.property(brokenTexts, (text) => {
        const fixed = fixManifest(text, { ...options, scope: 'safe' });
        const isJson = fixed.findings.every(({ code }) => code !== 'syntax');
        if (!isJson) expect(fixed.text).toBe(text);
        else expectNothingAdded(findingsOf(fixSyntax(text, 'vm.json')?.text ?? '', options), fixed.findings);
        expect(fixManifest(fixed.text, { ...options, scope: 'safe' }).text).toBe(fixed.text);
      }),
      { numRuns: 400 },
    );
  });

  it('throws nothing, whatever is done to it', () => {
    fc.assert(
      fc.property(fc.oneof(brokenTexts, fc.string(), fc.string({ unit: 'binary' })), (text) => {
        const { manifest: read } = parseManifest(text, { file: 'vm.json' });
        if (read !== undefined) checkManifest(read, options);
        const fixed = fixManifest(text, { ...options, scope: 'all' });
        expect(fixManifest(fixed.text, { ...options, scope: 'all' }).text).toBe(fixed.text);
      }),
      { numRuns: 300 },
    );
  });
});
