import fc from 'fast-check';
import { fixManifest } from './fix/index.js';
import { type CheckOptions, type Finding, checkManifest, inFileOrder, parseManifest } from './index.js';
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

/** Documents near the truth: keys of manifests, in any spelling, with values that are right and wrong. */
const keys = fc.constantFrom(
  ...['Program', 'program', 'Args', 'Env', 'ENV', 'Mounts', 'mounts', 'Mount', 'ManifestPassthrough', 'manifestPassthrough', 'RunConfig', 'Klibs', 'klibs', 'Files', 'RebootOnExit', 'BaseVolumeSz'],
  ...['Debugflags', 'NanosVersion', 'readonly_rootfs', 'radonly_rootfs', 'debug_exit', 'Cwd', 'cwd', 'syslog', 'Memory', 'CPUs', 'cpus', 'Nics', 'IPAddress', '%0', '%1', 'A', 'x y', ''],
);
const leaves = fc.oneof(fc.constantFrom('', 'true', 'false', '/workspace', 'workspace/', '/a', '2g', '2 GB', '10', 'my_prover', 'target/release/my_prover', 'A=b', 'ntp', '0'), fc.constantFrom(0, 1, 1.5, true, false, null));
const { document } = fc.letrec<{ document: unknown }>((tie) => ({
  document: fc.oneof({ maxDepth: 3, withCrossShrink: true }, leaves, fc.array(tie('document'), { maxLength: 3 }), fc.dictionary(keys, tie('document'), { maxKeys: 5 })),
}));
const manifest = fc.dictionary(keys, document, { maxKeys: 7 });

/** A text with some of its characters gone, doubled or others. */
const broken = fc.tuple(manifest.map((value) => JSON.stringify(value, null, 1)), fc.array(fc.tuple(fc.nat(), fc.constantFrom('', ',', '"', "'", '{', '}', '[', ']', ':', '#', '```\n', '\0', '“', 'x')), { maxLength: 4 })).map(([text, edits]) =>
  edits.reduce((made, [at, piece]) => `${made.slice(0, at % (made.length + 1))}${piece}${made.slice((at % (made.length + 1)) + (piece === '' ? 1 : 0))}`, text),
);

describe('any manifest', () => {
  it('that is right survives being printed and read again', () => {
    fc.assert(
      fc.property(manifest, (value) => {
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

  it('is fixed without a new error or warning, once for all, and still says what it said', () => {
    fc.assert(
      fc.property(manifest, fc.constantFrom('gevulot' as const, 'nanos' as const), (value, platform) => {
        const text = JSON.stringify(value, null, 2);
        const before = findingsOf(text, { ...options, platform });
        const fixed = fixManifest(text, { ...options, platform, scope: 'safe' });
        for (const { code, severity } of fixed.findings) if (severity !== 'note') expect(codesOf(before)).toContain(code);
        expect(fixManifest(fixed.text, { ...options, platform, scope: 'safe' }).text).toBe(fixed.text);
        expect(() => JSON.parse(fixed.text) as unknown).not.toThrow();
      }),
      { numRuns: 500 },
    );
  });

  it('that is no JSON throws nothing, whatever is done to it', () => {
    fc.assert(
      fc.property(fc.oneof(broken, fc.string(), fc.string({ unit: 'binary' })), (text) => {
        const { manifest: read } = parseManifest(text, { file: 'vm.json' });
        if (read !== undefined) checkManifest(read, options);
        const fixed = fixManifest(text, { ...options, scope: 'all' });
        expect(fixManifest(fixed.text, { ...options, scope: 'all' }).text).toBe(fixed.text);
      }),
      { numRuns: 500 },
    );
  });
});

function codesOf(findings: readonly Finding[]): string[] {
  return findings.map(({ code }) => code);
}
