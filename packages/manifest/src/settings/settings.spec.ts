import { applyAllowed, hasErrors, misnamedSettings, parseSettings, settingsForProgram } from '../index.js';
import { formatKeys } from '../keys.js';
import { codesOf, findingsOf, goodManifest } from '../testing/findings-of.js';

const parse = (raw: unknown): ReturnType<typeof parseSettings> => parseSettings(raw, { file: 'Cargo.toml' });

const everySupportedKey = {
  manifest: 'deploy/prover.json',
  base: '..',
  features: ['fast'],
  noDefaultFeatures: true,
  profile: 'release-lto',
  target: 'x86_64-unknown-linux-musl',
  sysroot: 'sysroot',
  extraLibraries: ['libnss_dns.so.2'],
  inputs: ['params/**'],
  cargoCommand: ['cargo', 'zigbuild'],
  platform: 'nanos',
  nanosVersion: '0.1.54',
  resources: { cpus: 8, memoryMiB: 4096, gpus: 0 },
  allow: [{ finding: 'klib-missing', reason: 'the release has it built in' }],
};

describe('parseSettings', () => {
  it('gives what is written, and fills nothing in', () => {
    const raw = { ...everySupportedKey, programs: { verifier: { features: [] } } };
    expect(parse(raw)).toEqual({ settings: raw, findings: [] });
    expect(parse(undefined)).toEqual({ settings: {}, findings: [] });
  });

  it('says which programs have settings and are none of the crate', () => {
    const { findings } = parseSettings({ programs: { my_prover: {}, 'my-verifier': {} } }, { file: 'Cargo.toml', programs: ['my_prover', 'my_verifier'] });
    expect(findings).toEqual([
      {
        code: 'unknown-program',
        severity: 'warning',
        message: '`programs.my-verifier` names `my-verifier`, but the crate’s programs are `my_prover`, `my_verifier`',
        hint: 'Did you mean `my_verifier`?',
        place: { file: 'Cargo.toml', keys: ['package', 'metadata', 'package-vm', 'programs', 'my-verifier'] },
      },
    ]);
    expect(parse({ programs: { anything: {} } }).findings).toEqual([]);
  });

  it.each([
    { reason: 'an underscore', metadata: { package_vm: {}, other: {} }, hint: 'Did you mean `package-vm`?' },
    { reason: 'no dash', metadata: { PackageVM: {} }, hint: 'Did you mean `package-vm`?' },
    { reason: 'beside the right one', metadata: { 'package-vm': {}, package_vm: {} }, hint: 'Did you mean `package-vm`?' },
  ])('refuses settings under a name that nobody reads: $reason', ({ metadata, hint }) => {
    const [key = ''] = Object.keys(metadata).filter((name) => name !== 'package-vm' && name !== 'other');
    expect(misnamedSettings(metadata, { file: 'Cargo.toml' })).toMatchObject([{ code: 'unknown-key', message: `\`${key}\` is not a key of \`package.metadata\``, hint, place: { keys: ['package', 'metadata', key] } }]);
    expect(misnamedSettings({ 'package-vm': {}, docs: {} }, { file: 'Cargo.toml' })).toEqual([]);
  });

  it.each([
    { reason: 'a key of another style', raw: { 'extra-libraries': [] }, code: 'unknown-key', keys: 'extra-libraries', hint: 'Did you mean `extraLibraries`?' },
    { reason: 'a slip', raw: { resources: { cpu: 2 } }, code: 'unknown-key', keys: 'resources.cpu', hint: 'Did you mean `cpus`?' },
    { reason: 'a key of the manifest', raw: { Program: 'x' }, code: 'unknown-key', keys: 'Program' },
    { reason: 'a program within a program', raw: { programs: { a: { programs: {} } } }, code: 'unknown-key', keys: 'programs.a.programs' },
    { reason: 'another type', raw: { features: 'fast' }, code: 'wrong-type', keys: 'features' },
    { reason: 'no table', raw: ['x'], code: 'wrong-type', keys: '' },
    { reason: 'a number for a version', raw: { nanosVersion: 0.1 }, code: 'quote-it', keys: 'nanosVersion' },
    { reason: 'a version with a path', raw: { nanosVersion: '../0.1.54' }, code: 'bad-value', keys: 'nanosVersion' },
    { reason: 'an empty path', raw: { manifest: '' }, code: 'bad-value', keys: 'manifest' },
    { reason: 'a platform that is none', raw: { platform: 'aws' }, code: 'bad-value', keys: 'platform' },
    { reason: 'a target that is none', raw: { target: 'musl' }, code: 'bad-value', keys: 'target' },
    { reason: 'a profile that is a path', raw: { profile: 'a/b' }, code: 'bad-value', keys: 'profile' },
    { reason: 'no processor', raw: { resources: { cpus: 0 } }, code: 'bad-value', keys: 'resources.cpus' },
    { reason: 'a processor too many', raw: { resources: { cpus: 257 } }, code: 'bad-value', keys: 'resources.cpus' },
    { reason: 'no memory', raw: { resources: { memoryMiB: 0 } }, code: 'bad-value', keys: 'resources.memoryMiB' },
    { reason: 'half a MiB', raw: { resources: { memoryMiB: 0.5 } }, code: 'bad-value', keys: 'resources.memoryMiB' },
    { reason: 'two GPUs', raw: { resources: { gpus: 2 } }, code: 'bad-value', keys: 'resources.gpus' },
    { reason: 'an allowed finding without reason', raw: { allow: [{ finding: 'x', reason: ' ' }] }, code: 'bad-value', keys: 'allow[0].reason' },
    { reason: 'a GPU', raw: { resources: { gpus: 1 } }, code: 'not-supported', keys: 'resources.gpus' },
    { reason: 'a variant that is no name of a folder', raw: { variants: { 'a/b': {} } }, code: 'bad-value', keys: 'variants["a/b"]' },
    { reason: 'a variant of a variant', raw: { variants: { a: { variants: {} } } }, code: 'unknown-key', keys: 'variants.a.variants' },
    { reason: 'no command', raw: { cargoCommand: [] }, code: 'bad-value', keys: 'cargoCommand' },
    { reason: 'an input that is a number', raw: { inputs: [1] }, code: 'quote-it', keys: 'inputs[0]' },
    { reason: 'an input of nothing', raw: { inputs: [{}] }, code: 'bad-value', keys: 'inputs[0]' },
    { reason: 'an input of two kinds', raw: { inputs: ['a', { env: 'A', runtime: 'x' }] }, code: 'bad-value', keys: 'inputs[1]' },
    { reason: 'an input of another kind', raw: { inputs: [{ path: 'a' }] }, code: 'unknown-key', keys: 'inputs[0].path' },
    { reason: 'a variable with its value', raw: { inputs: [{ env: 'A=b' }] }, code: 'bad-value', keys: 'inputs[0].env' },
    { reason: 'an Nx task without target', raw: { inputs: [{ task: 'keys' }] }, code: 'bad-value', keys: 'inputs[0].task' },
    { reason: 'files of no Nx task', raw: { inputs: [{ env: 'A', files: 'x' }] }, code: 'bad-value', keys: 'inputs[0]' },
    { reason: 'the same in a variant', raw: { variants: { a: { inputs: [{ env: 'A', files: 'x' }] } } }, code: 'bad-value', keys: 'variants.a.inputs[0]' },
    { reason: 'folders outside', raw: { allowOutside: ['/opt'] }, code: 'not-supported', keys: 'allowOutside' },
    { reason: 'the same for one program', raw: { programs: { a: { allowOutside: [] } } }, code: 'not-supported', keys: 'programs.a.allowOutside' },
    { reason: 'a finding that cannot be allowed', raw: { programs: { a: { allow: [{ finding: 'unknown-key', reason: 'x' }] } } }, code: 'cannot-allow', keys: 'programs.a.allow[0]' },
  ])('refuses $reason', ({ raw, code, keys, hint }) => {
    const { findings } = parse(raw);
    expect(hasErrors(findings)).toBe(true);
    expect(findings.map((finding) => [finding.code, formatKeys(finding.place.keys?.slice(3) ?? [])])).toEqual([[code, keys]]);
    if (hint !== undefined) expect(findings[0]?.hint).toBe(hint);
  });

  it.each([
    { reason: 'one processor', resources: { cpus: 1 } },
    { reason: '256 processors', resources: { cpus: 256 } },
    { reason: 'one MiB', resources: { memoryMiB: 1 } },
  ])('accepts $reason', ({ resources }) => {
    expect(parse({ resources }).findings).toEqual([]);
  });

  it('gives all findings at once and keeps what is right', () => {
    const { settings, findings } = parse({ profile: 1, inputz: [], platform: 'nanos', resources: { cpus: 'two', memoryMiB: 512 } });
    expect(codesOf(findings).toSorted()).toEqual(['quote-it', 'unknown-key', 'wrong-type']);
    expect(settings).toEqual({ platform: 'nanos', resources: { memoryMiB: 512 } });
  });
});

describe('settingsForProgram', () => {
  it('fills in the defaults, which are those of a node', () => {
    expect(settingsForProgram({}, 'prover')).toEqual({
      manifest: undefined,
      base: undefined,
      features: [],
      noDefaultFeatures: false,
      profile: 'release',
      target: undefined,
      sysroot: undefined,
      extraLibraries: [],
      inputs: [],
      inputVariables: [],
      inputCommands: [],
      inputTasks: [],
      cargoCommand: undefined,
      platform: 'gevulot',
      nanosVersion: undefined,
      resources: { cpus: 2, memoryMiB: 2048 },
      allow: [],
    });
  });

  it('takes every key', () => {
    const { settings } = parse(everySupportedKey);
    expect(settingsForProgram(settings, 'prover')).toEqual({ ...everySupportedKey, inputVariables: [], inputCommands: [], inputTasks: [], resources: { cpus: 8, memoryMiB: 4096 } });
  });

  it('tells the kinds of inputs apart', () => {
    const { settings, findings } = parse({ inputs: ['a.bin', { env: 'APP_*' }, { runtime: 'git rev-parse HEAD' }, { task: 'keys:make:ci', files: 'k/*.bin' }, { task: 'keys:all' }] });
    expect(findings).toEqual([]);
    expect(settingsForProgram(settings, 'prover')).toMatchObject({
      inputs: ['a.bin'],
      inputVariables: ['APP_*'],
      inputCommands: ['git rev-parse HEAD'],
      inputTasks: [{ task: 'keys:make:ci', files: 'k/*.bin' }, { task: 'keys:all', files: undefined }],
    });
  });

  it('lets a variant replace settings of the package and of the program', () => {
    const { settings } = parse({
      ...{ features: ['a'], profile: 'lto', resources: { cpus: 8 }, programs: { verifier: { profile: 'small', resources: { memoryMiB: 512 } } } },
      variants: { debug: { profile: 'dev', resources: { cpus: 1 } } },
    });
    expect(settingsForProgram(settings, 'verifier', 'debug')).toMatchObject({ features: ['a'], profile: 'dev', resources: { cpus: 1, memoryMiB: 512 } });
    expect(settingsForProgram(settings, 'verifier')).toMatchObject({ profile: 'small' });
  });

  it.each([
    { variant: 'debgu', settings: { variants: { debug: {} } }, message: 'The settings have no variant `debgu`, only `debug`' },
    { variant: 'toString', settings: {}, message: 'The settings have no variant `toString`' },
  ])('refuses a variant that is not there: $variant', ({ variant, settings, message }) => {
    expect(() => settingsForProgram(settings, 'prover', variant)).toThrow(expect.objectContaining({ code: 'PVM_NO_SUCH_VARIANT', message }) as Error);
  });

  it('lets one program replace settings key by key, and the keys of resources', () => {
    const { settings } = parse({ features: ['a'], profile: 'lto', resources: { cpus: 8, memoryMiB: 512 }, programs: { verifier: { features: [], resources: { cpus: 1 } } } });
    expect(settingsForProgram(settings, 'verifier')).toMatchObject({ features: [], profile: 'lto', resources: { cpus: 1, memoryMiB: 512 } });
    expect(settingsForProgram(settings, 'prover')).toMatchObject({ features: ['a'], resources: { cpus: 8 } });
    expect(settingsForProgram(settings, 'toString')).toMatchObject({ features: ['a'] });
  });
});

describe('applyAllowed', () => {
  const findings = findingsOf(goodManifest({ RebootOnExit: true, Mounts: {}, files: [] }));

  it('marks what is allowed, and only that', () => {
    const allowed = applyAllowed(findings, [{ finding: 'reboot-on-exit', reason: 'tried at our own node' }]);
    expect(allowed.filter((finding) => finding.allowed !== undefined)).toMatchObject([{ code: 'reboot-on-exit', allowed: 'tried at our own node' }]);
    expect(codesOf(allowed)).toEqual(codesOf(findings));
  });

  it('leaves what makes a manifest unreadable', () => {
    // the settings' own check refuses such an entry
    expect(applyAllowed(findings, [{ finding: 'unknown-key', reason: 'x' }])).toEqual(findings);
  });

  it('warns of an entry that matches nothing, where it stands', () => {
    expect(applyAllowed([], [{ finding: 'a', reason: 'x' }], { file: 'p/Cargo.toml' })).toMatchObject([
      { code: 'unused-allow', severity: 'warning', place: { file: 'p/Cargo.toml', keys: ['package', 'metadata', 'package-vm', 'allow', 0] } },
    ]);
    expect(applyAllowed(findings)).toEqual(findings);
    expect(applyAllowed([], [{ finding: 'a', reason: 'x' }], { file: 'p/Cargo.toml', keys: ['programs', 'b', 'allow'] })[0]?.place.keys).toEqual([
      'package', 'metadata', 'package-vm', 'programs', 'b', 'allow', 0,
    ]);
  });

  it('knows what was meant by a slip, in a code of another package too, if it was found', () => {
    const found = { code: 'missing-path', severity: 'error', message: 'x', place: { file: 'vm.json' } } as const;
    const hintOf = (code: string) => applyAllowed([found], [{ finding: code, reason: 'x' }]).at(-1)?.hint;
    expect(['missing-pth', 'reboot_on_exit', 'colours'].map(hintOf)).toEqual(['Did you mean `missing-path`?', 'Did you mean `reboot-on-exit`?', 'Remove the entry, or correct the code in it.']);
  });

  it('says nothing of findings that were not looked for', () => {
    expect(applyAllowed([], [{ finding: 'host-libraries', reason: 'x' }], { file: 'Cargo.toml', isLookedFor: (code) => code !== 'host-libraries' })).toEqual([]);
  });
});
