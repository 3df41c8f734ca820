import { isAllowable, wordings } from './findings.js';
import { applyAllowed, formatFinding, hasErrors } from './index.js';
import { manifestExamples, settingsExamples } from './testing/examples.js';
import { codesOf, findingsOf, settingsFindingsOf } from './testing/findings-of.js';

const examples = Object.entries(manifestExamples).map(([code, example]) => ({ code, ...example }));

describe('the words of findings', () => {
  it('have an example each', () => {
    expect([...Object.keys(manifestExamples), ...Object.keys(settingsExamples)].sort()).toEqual(Object.keys(wordings).sort());
  });

  it.each(examples)('$code: found at $at, and gone when put right', ({ code, bad, good, at, options = { program: 'my_prover' } }) => {
    const found = findingsOf(bad, options).filter((finding) => finding.code === code);
    expect(found).toHaveLength(1);
    expect(`${found[0]?.place.line}:${found[0]?.place.column}`).toBe(at);
    expect(findingsOf(good, options)).toEqual([]);
  });

  it.each(Object.entries(settingsExamples).map(([code, example]) => ({ code, ...example })))('$code: found in settings', ({ code, bad, good }) => {
    expect(codesOf(settingsFindingsOf(bad))).toContain(code);
    expect(settingsFindingsOf(good)).toEqual([]);
  });

  it.each(examples)('$code: one sentence without period, and a next step with one', ({ code, bad, options = { program: 'my_prover' } }) => {
    const found = findingsOf(bad, options).find((finding) => finding.code === code);
    expect(found?.message).toMatch(/[^.\n]$/);
    expect(found?.message).not.toContain('undefined');
    expect(found?.hint).toMatch(/[.?]$/);
    expect(found?.hint).not.toContain('undefined');
  });

  it('let only what leaves the manifest readable be allowed', () => {
    const refused = Object.keys(wordings).filter((code) => !isAllowable(code));
    expect(refused.join(' ')).toBe(
      'syntax too-large too-deep duplicate-key bad-text unknown-key wrong-type quote-it bad-value not-supported reserved-key cannot-allow',
    );
    expect(isAllowable('a-finding-of-another-package')).toBe(true);
  });
});

describe('formatFinding', () => {
  it('gives file, place, severity, code and sentence, then the next step', () => {
    const [finding] = findingsOf('{\n  "Mounts": { "%0": "/workspace" },\n  "radonly": "x" }');
    expect(finding && formatFinding(finding)).toBe('vm.json:3:3 error unknown-key: `radonly` is not a known key\n  Remove it; docs/manifest.md lists the keys.');
    const [misspelt] = findingsOf('{ "Mounts": { "%0": "/workspace" },\n "ManifestPassthrough": { "debug_exit": "t", "readonly-rootfs": "t" } }');
    expect(misspelt && formatFinding(misspelt)).toBe(
      'vm.json:2:46 error misspelt-passthrough-key: The kernel does not know `ManifestPassthrough.readonly-rootfs` and would ignore it\n  Did you mean `readonly_rootfs`?',
    );
  });

  it('gives the reason of an allowed finding, which stops no build', () => {
    const findings = applyAllowed(findingsOf('{ "Mounts": {} }'), [
      { finding: 'workspace-missing', reason: 'a test of the loader' },
      { finding: 'writable-root', reason: 'another' },
    ]);
    expect(findings.map(formatFinding).join('\n')).toContain('reads the result (allowed: a test of the loader)\n');
    expect(hasErrors(findings)).toBe(false);
  });
});
