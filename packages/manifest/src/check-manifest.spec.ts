import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkManifest, manifestTemplate, parseManifest, placeInManifest } from './index.js';
import { knownKeys, schemaAt, shippedSchema } from './json-schema/json-schema.js';
import { codesOf, findingsOf, goodManifest, withPassthrough } from './testing/findings-of.js';

const passthroughSchema = schemaAt(shippedSchema('manifest'), ['ManifestPassthrough']);
const flags = Object.entries(passthroughSchema?.properties ?? {}).flatMap(([key, { isFlag, klib }]) => (isFlag === true && klib === undefined ? [key] : []));
const golden = (name: string): string => readFileSync(join(import.meta.dirname, 'testing/golden', `${name}.json`), 'utf8');

describe('manifests that ops packaged', () => {
  it.each([
    { name: 'documented', platform: 'gevulot', codes: ['exit-code-unknown', 'mount-renumbered'] },
    { name: 'log-of-three-extensions', platform: 'gevulot', codes: ['exit-code-unknown', 'mount-renumbered'] },
    { name: 'many-keys', platform: 'gevulot', codes: ['klib-missing', 'empty-value', 'mount-renumbered', 'empty-value', 'no-network', 'reboot-on-exit'] },
    { name: 'after-a-boot', platform: 'gevulot', codes: ['workspace-missing', 'writable-root'] },
    { name: 'documented', platform: 'nanos', codes: [] },
    { name: 'many-keys', platform: 'nanos', codes: ['klib-missing', 'empty-value', 'empty-value'] },
    { name: 'after-a-boot', platform: 'nanos', codes: [] },
  ] as const)('$name, for $platform: $codes', ({ name, platform, codes }) => {
    expect(codesOf(findingsOf(golden(name), { platform }))).toEqual(codes);
  });

  it('have no error where they are the documented one', () => {
    expect(findingsOf(golden('documented'), { program: 'hello' }).map(({ severity }) => severity)).toEqual(['note', 'note']);
  });
});

describe('the manifest of the template', () => {
  it('has no finding, and no comments that ops would refuse', () => {
    const text = manifestTemplate({ program: 'my_prover' });
    expect(findingsOf(text, { program: 'my_prover' })).toEqual([]);
    expect(text).toBe(`${JSON.stringify(JSON.parse(text), null, 2)}\n`);
  });

  it('says why each element is there, where that is wanted', () => {
    const text = manifestTemplate({ program: 'my_prover', withComments: true });
    expect(text.match(/^ +\/\/ [A-Z].*\.$/gm)).toHaveLength(5);
    expect(text.replace(/^ +\/\/.*\n/gm, '')).toBe(manifestTemplate({ program: 'my_prover' }));
    expect(findingsOf(text, { program: 'my_prover' })).toEqual([]);
  });
});

describe('manifests as people write them', () => {
  it.each([
    { reason: 'the answer of a chat, with its fence', text: `\`\`\`json\n${goodManifest()}\n\`\`\`\n`, codes: ['syntax', 'syntax'] },
    { reason: 'RebootOnExit, from ops run', text: goodManifest({ RebootOnExit: true }), codes: ['reboot-on-exit'] },
    { reason: 'RebootOnExit by its kernel name', text: withPassthrough({ reboot_on_exit: 't' }), codes: ['reboot-on-exit'] },
    { reason: 'leftovers of ops run', text: goodManifest({ RunConfig: { CPUs: 8, Memory: '24g', Verbose: true } }), codes: ['no-effect', 'no-effect', 'no-effect'] },
    { reason: 'a leftover that is off', text: goodManifest({ RunConfig: { Verbose: false }, Force: false }), codes: [] },
    { reason: 'an address and ports, which ops writes into the image', text: goodManifest({ RunConfig: { IPAddress: '10.0.0.2', Ports: ['80', '90-99'] } }), codes: ['no-network', 'no-network'] },
    { reason: 'a kernel of one’s own', text: goodManifest({ Kernel: 'kernel.img' }), codes: [] },
    { reason: 'the program’s path in the build', text: goodManifest({ Program: 'target/release/my_prover' }), codes: ['program-path'] },
    { reason: 'the same with ./', text: goodManifest({ Program: './target/release/my_prover' }), codes: ['program-path'] },
    { reason: 'an absolute path of the build', text: goodManifest({ Program: '/home/u/target/release/my_prover' }), codes: ['program-outside'] },
    { reason: 'a program named with ./', text: goodManifest({ Program: './my_prover' }), codes: [] },
    { reason: 'a program in a folder of the image', text: goodManifest({ Program: 'bin/my_prover' }), codes: [] },
    { reason: 'a program of the folder above', text: goodManifest({ Program: '../target/release/my_prover' }), codes: ['program-outside'] },
    { reason: 'another program', text: goodManifest({ Program: 'my-prover' }), codes: ['other-program'] },
    { reason: 'a folder as program', text: goodManifest({ Program: 'my_prover/' }), codes: ['bad-value'] },
    { reason: 'no program', text: goodManifest({ Program: undefined }), codes: [] },
    { reason: 'no mounts', text: goodManifest({ Mounts: undefined }), codes: ['workspace-missing'] },
    { reason: 'a mount without leading slash', text: goodManifest({ Mounts: { '%0': 'workspace' } }), codes: ['bad-value'] },
    { reason: 'a mount of two colons', text: goodManifest({ Mounts: { '%0': '/workspace:ro:x' } }), codes: ['bad-value'] },
    { reason: 'a mount with a slash at its end', text: goodManifest({ Mounts: { '%0': '/workspace/' } }), codes: ['bad-value'] },
    { reason: 'a mount that leaves', text: goodManifest({ Mounts: { '%0': '/workspace/../x' } }), codes: ['bad-value'] },
    { reason: 'a mount over everything', text: goodManifest({ Mounts: { '%0': '/' } }), codes: ['bad-value'] },
    { reason: 'a mount of no name', text: goodManifest({ Mounts: { '': '/workspace' } }), codes: ['bad-value'] },
    { reason: 'a mount elsewhere', text: goodManifest({ Mounts: { '%0': '/work' } }), codes: ['extra-mount', 'workspace-missing'] },
    { reason: 'a named volume', text: goodManifest({ Mounts: { srs: '/srs', '%1': '/workspace' } }), codes: ['extra-mount'] },
    { reason: 'a folder of the host, which ops numbers', text: goodManifest({ Mounts: { './ws': '/workspace' } }), codes: ['mount-renumbered'] },
    { reason: 'two mounts at the workspace', text: goodManifest({ Mounts: { '%0': '/workspace', '%1': '/workspace' } }), codes: ['mount-point-taken'] },
    { reason: 'wrong case: one finding, not two', text: goodManifest({ Mounts: undefined, mounts: { '%0': '/workspace' } }), codes: ['unknown-key'] },
    { reason: 'passthrough in wrong case: one finding', text: goodManifest({ ManifestPassthrough: undefined, manifestPassthrough: { readonly_rootfs: 't', debug_exit: 't' } }), codes: ['unknown-key'] },
    { reason: 'wrong case, and what is wrong inside', text: goodManifest({ Mounts: undefined, mounts: { '%0': '/workspace', data: '/data' } }), codes: ['extra-mount', 'unknown-key'] },
    { reason: 'true without quotes: one finding', text: withPassthrough({ readonly_rootfs: true }), codes: ['quote-it'] },
    { reason: 'false without quotes', text: withPassthrough({ fault: false }), codes: ['quote-it'] },
    { reason: 'a number deep in a klib’s data', text: withPassthrough({ gcp: { metrics: { interval: 60 } } }, { Klibs: ['gcp'] }), codes: ['quote-it'] },
    { reason: 'null in a list of an unknown key', text: withPassthrough({ colour_of_the_sky: ['a', null] }), codes: ['unknown-passthrough-key', 'wrong-type'] },
    { reason: 'read-only root by Debugflags', text: goodManifest({ ManifestPassthrough: {}, Debugflags: ['readonly_rootfs', 'debug_exit'] }), codes: [] },
    { reason: 'a reserved key by Debugflags', text: goodManifest({ Debugflags: ['program'] }), codes: ['reserved-key'] },
    { reason: 'a flag of nothing', text: goodManifest({ Debugflags: ['colour_of_the_sky'] }), codes: ['unknown-debug-flag'] },
    { reason: 'environment as a list', text: goodManifest({ Env: ['A=b'] }), codes: ['wrong-type'] },
    { reason: 'versions as a list', text: goodManifest({ NanosVersion: ['0.1.54'] }), codes: ['wrong-type'] },
    { reason: 'a variable without name', text: goodManifest({ Env: { '': 'x' } }), codes: ['bad-env-name'] },
    { reason: 'a size with a unit that ops ignores', text: goodManifest({ BaseVolumeSz: '32mb' }), codes: ['bad-value'] },
    { reason: 'a memory in words', text: goodManifest({ RunConfig: { Memory: '2 GiB' } }), codes: ['bad-value', 'no-effect'] },
    { reason: 'half a processor', text: goodManifest({ RunConfig: { CPUs: 0.5 } }), codes: ['bad-value'] },
    { reason: 'a preloaded library', text: goodManifest({ Env: { LD_PRELOAD: '/lib/x.so' } }), codes: ['pointless-variable'] },
    { reason: 'a variable of cargo', text: goodManifest({ Env: { RUSTFLAGS: '-C debuginfo=2' } }), codes: ['pointless-variable'] },
    { reason: 'variables seen in the wild', text: goodManifest({ Env: { RUST_BACKTRACE: '1', RUST_LOG: 'info', GLOG_logtostderr: '1', BELLMAN_NO_GPU: '1', RISC0_PROVER: 'local', POWDR_STD: '/std', TMPDIR: '/workspace' } }), codes: [] },
    { reason: 'a backtrace that is none', text: goodManifest({ Env: { RUST_BACKTRACE: 'true' } }), codes: ['bad-variable'] },
    { reason: 'a token by its name', text: goodManifest({ Env: { HF_TOKEN: 'abc', TOKENIZERS_PARALLELISM: 'false' } }), codes: ['secret-in-env'] },
    { reason: 'a token by its form', text: goodManifest({ Env: { X: `ghp_${'a1'.repeat(18)}` } }), codes: ['secret-in-env'] },
    { reason: 'a password in a URL', text: goodManifest({ Args: ['postgres://me:pw@db/x'] }), codes: ['secret-in-args'] },
    { reason: 'names of secrets without one', text: goodManifest({ Env: { API_KEY: '', TOKEN_FILE: '/workspace/token', PASSWORD: '${PASSWORD}' }, Args: ['--token', '--api-key=/workspace/key'] }), codes: ['empty-value'] },
    { reason: 'a mount over the libraries', text: goodManifest({ Mounts: { '%0': '/workspace', lib: '/lib/x' } }), codes: ['extra-mount', 'mount-over-system'] },
    { reason: 'the editor’s schema', text: goodManifest({ $schema: 'x' }), codes: ['schema-key'] },
    { reason: 'a name server by name', text: goodManifest({ NameServers: ['dns.example'] }), codes: ['bad-value', 'no-network'] },
    { reason: 'name servers by address', text: goodManifest({ NameServers: ['1.1.1.1', '2606:4700::1111'] }), codes: ['no-network'] },
    { reason: 'a relative working folder', text: withPassthrough({ cwd: 'static' }), codes: ['bad-value'] },
    { reason: 'a log level that is none', text: withPassthrough({ log_level: 'debug' }), codes: ['bad-value'] },
    { reason: 'log levels in a list', text: withPassthrough({ log_level: ['err'] }), codes: ['wrong-type'] },
    { reason: 'a console that is none', text: withPassthrough({ consoles: ['serial'] }), codes: ['bad-value'] },
    { reason: 'exit codes', text: withPassthrough({ expected_exit_code: ['1', '2'] }), codes: [] },
    { reason: 'an exit code that is none', text: withPassthrough({ expected_exit_code: ['one'] }), codes: ['bad-value'] },
    { reason: 'a firewall', text: withPassthrough({ firewall: { rules: [{ ip: { src: '10.0.0.1' }, action: 'accept' }] } }), codes: [] },
    { reason: 'a trace without its klib', text: withPassthrough({ debugsyscalls: 't' }), codes: ['klib-missing'] },
    { reason: 'cloud settings', text: goodManifest({ CloudConfig: { Platform: 'gcp', Tags: [{ key: 'a', value: 'b' }], RootVolume: { size: 10 } } }), codes: ['no-effect'] },
    { reason: 'package data', text: goodManifest({ Version: '1', Language: 'rust', Description: 'x' }), codes: ['no-effect', 'no-effect', 'no-effect'] },
  ])('$reason: $codes', ({ text, codes }) => {
    expect(codesOf(findingsOf(text, { program: 'my_prover' })).toSorted()).toEqual(codes.toSorted());
  });

  it('print nothing that looks like a secret', () => {
    const text = goodManifest({ Env: { API_KEY: 'sw0rdf1sh' }, Args: ['--password', 'sw0rdf1sh', '--token=sw0rdf1sh'] });
    expect(codesOf(findingsOf(text))).toEqual(['secret-in-env', 'secret-in-args', 'secret-in-args']);
    expect(JSON.stringify(findingsOf(text))).not.toContain('sw0rdf1sh');
  });

  it.each(['false', 'False', 'no', 'OFF', '0', ''])('a presence flag is on with %j', (value) => {
    expect(codesOf(findingsOf(withPassthrough({ fault: value })))).toEqual(['presence-flag']);
  });

  it.each(flags)('the flag %s is on with "true"', (flag) => {
    expect(findingsOf(withPassthrough({ [flag]: 'true' }))).toEqual([]);
  });

  it.each(['Env', 'Args', 'Mounts', 'MapDirs', 'NanosVersion'])('say how %s is written', (key) => {
    expect(parseManifest(`{ "${key}": 1.5e3 }`, { file: 'x' }).findings[0]?.hint).toMatch(/^(Write|Put)/);
    expect(parseManifest(`{ "${key}": ${key === 'Args' ? '"a"' : '[]'} }`, { file: 'x' }).findings[0]?.hint).toMatch(/^(Write|Remove)/);
  });
});

describe('placeInManifest', () => {
  it('gives lines and columns for findings of other packages', () => {
    const { manifest } = parseManifest('{\n  "Files": ["a", "b"] }', { file: 'vm.json' });
    expect(manifest && placeInManifest(manifest, 'vm.json', ['Files', 1])).toEqual({ file: 'vm.json', keys: ['Files', 1], line: 2, column: 18, endLine: 2, endColumn: 21 });
    expect(placeInManifest({}, 'made', ['Files', 1])).toEqual({ file: 'made', keys: ['Files', 1] });
  });
});

describe('checkManifest', () => {
  it('says nothing of platform gevulot for platform nanos', () => {
    expect(findingsOf('{ "Mounts": { "data": "/data:ro" }, "RebootOnExit": true }', { platform: 'nanos' })).toEqual([]);
  });

  it('takes a manifest that no text stands behind: places without lines', () => {
    const findings = checkManifest({ Mounts: { '%1': '/workspace' }, Debugflags: ['readonly_rootfs', 'debug_exit'] }, { file: 'made', platform: 'gevulot' });
    expect(findings).toMatchObject([{ code: 'mount-renumbered', place: { file: 'made', keys: ['Mounts', '%1'] } }]);
  });

  it('looks at every key: one that changes the image is known to packaging, any other has a finding', () => {
    const values: Readonly<Record<string, unknown>> = { RunConfig: { Accel: true }, CloudConfig: { VPC: 'x' }, TargetConfig: { a: 'b' }, BaseVolumeSz: '1m' };
    const silent = (knownKeys(shippedSchema('manifest'), []) ?? []).filter((key) =>
      [true, 'x', { a: '/b' }, ['1.1.1.1']].map((value) => goodManifest({ [key]: values[key] ?? value })).every((text) => findingsOf(text).every(({ code }) => code !== 'no-effect' && code !== 'not-supported' && code !== 'nanos-version-ignored')),
    );
    // packaging acts on these
    expect(silent.toSorted()).toEqual(
      ['$schema', 'Args', 'BaseVolumeSz', 'Debugflags', 'Dirs', 'Env', 'Files', 'Kernel', 'KlibDir', 'Klibs', 'ManifestPassthrough', 'MapDirs', 'Mounts', 'NameServers', 'NoTrace', 'Program', 'RebootOnExit'],
    );
  });
});
