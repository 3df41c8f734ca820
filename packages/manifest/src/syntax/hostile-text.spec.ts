import { fixManifest } from '../fix/fix-manifest.js';
import { checkManifest } from '../check-manifest.js';
import { maskSecrets } from '../mask-secrets.js';
import { parseManifest } from '../parse-manifest.js';

const codes = (text: string): string[] => parseManifest(text, { file: 'vm.json' }).findings.map(({ code }) => code);

describe('a text that is meant to hurt', () => {
  it.each(['\u2028', '\u2029', '\u0085', '\u200B', '\u3000', '\v', '\f', '\u{1F600}', '\uD800'])('is read to its end with a stray %j between members', (character) => {
    expect(codes(`{"Program":"x",${character}"Force":true}`)).toContain('syntax');
  });

  it('keeps what stands beside a fence on the same line', () => {
    const text = '```json {"Program":"x"} ```\n';
    expect(fixManifest(text, { file: 'vm.json', platform: 'gevulot', scope: 'safe' }).text).toContain('{"Program":"x"}');
  });

  it.each([
    { reason: 'the same key again and again', text: `{${'"Args":[],'.repeat(20_000)}"Args":[]}`, mended: /^\{"Args":\[\]/ },
    { reason: 'numbers in Env', text: JSON.stringify({ Env: Object.fromEntries(Array.from({ length: 20_000 }, (_, index) => [`K${index}`, index])) }), mended: /"K19999":"19999"/ },
    { reason: 'objects in one line', text: JSON.stringify({ RunConfig: Object.fromEntries(Array.from({ length: 20_000 }, (_, index) => [`Memory${index}`, {}])) }), mended: /"Memory19999":\{\}/ },
  ])('is mended in a time that grows as the text does: $reason', ({ text, mended }) => {
    const started = performance.now();
    expect(fixManifest(text, { file: 'vm.json', platform: 'gevulot', scope: 'safe' }).text).toMatch(mended);
    // a second or two; quadratic would be a minute
    expect(performance.now() - started).toBeLessThan(20_000);
  });

  it.each(['a.', 'a:', '?key=', '//a.', 'eyJaaaaaaaa.', '-----BEGIN ', 'abc '])('is looked through for secrets in no time: %j again and again', (piece) => {
    const text = JSON.stringify({ Env: { A: piece.repeat(900_000 / piece.length) } });
    const started = performance.now();
    const { manifest } = parseManifest(text, { file: 'vm.json' });
    if (manifest !== undefined) checkManifest(manifest, { file: 'vm.json', platform: 'gevulot' });
    maskSecrets(text);
    expect(performance.now() - started).toBeLessThan(5_000);
  });
});
