import { type Finding, type Platform } from '../index.js';
import { findingsOf, goodManifest, withPassthrough } from '../testing/findings-of.js';
import { formatKeys } from '../keys.js';

interface Case {
  readonly reason: string;
  readonly text: string;
  /** Codes with the path of the key, in the order of the text. */
  readonly found: readonly string[];
  readonly platform?: Platform;
}

const lineOf = ({ code, place }: Finding): string => `${code} ${formatKeys(place.keys ?? [])}`;
const check = ({ text, platform = 'gevulot' }: Pick<Case, 'text' | 'platform'>): readonly Finding[] => findingsOf(text, { program: 'my_prover', platform });

const presenceFlags: readonly Case[] = [
  { reason: 'a flag of the trace log', text: withPassthrough({ tracelog: { disable: 'false' } }), found: ['presence-flag ManifestPassthrough.tracelog.disable'] },
  { reason: 'a flag of a tunnel', text: withPassthrough({ tun: { tun0: { up: 'no' } } }, { Klibs: ['tun'] }), found: ['presence-flag ManifestPassthrough.tun.tun0.up'] },
  { reason: 'a flag deep in a klib’s data', text: withPassthrough({ gcp: { metrics: { disk: { include_readonly: '0' } } } }, { Klibs: ['gcp'] }), found: ['presence-flag ManifestPassthrough.gcp.metrics.disk.include_readonly'] },
  { reason: 'a flag of an interface', text: withPassthrough({ en2: { default: '' } }), found: ['presence-flag ManifestPassthrough.en2.default'], platform: 'nanos' },
  { reason: 'a flag that is on', text: withPassthrough({ tracelog: { disable: 'true' } }), found: [] },
];

const debugFlags: readonly Case[] = [
  { reason: 'a folder', text: goodManifest({ Debugflags: ['cwd'] }), found: ['no-flag Debugflags[0]'] },
  { reason: 'a level', text: goodManifest({ Debugflags: ['missing_files', 'log_level'] }), found: ['no-flag Debugflags[1]'] },
  { reason: 'an object', text: goodManifest({ Debugflags: ['syslog'] }), found: ['no-flag Debugflags[0]'] },
  { reason: 'a list', text: goodManifest({ Debugflags: ['consoles'] }), found: ['no-flag Debugflags[0]'] },
  { reason: 'what ops run turns on for --trace', text: goodManifest({ Debugflags: ['trace', 'futex_trace', 'fault'] }), found: [] },
  { reason: 'a flag of a klib', text: goodManifest({ Debugflags: ['debugsyscalls'] }), found: ['klib-missing Debugflags[0]'] },
  { reason: 'a flag of a klib that is there', text: goodManifest({ Debugflags: ['debugsyscalls'], Klibs: ['strace'] }), found: [] },
  { reason: 'a reboot', text: goodManifest({ Debugflags: ['reboot_on_exit'] }), found: ['reboot-on-exit Debugflags[0]'] },
];

const lists: readonly Case[] = [
  { reason: 'a klib twice', text: goodManifest({ Klibs: ['ntp', 'tls', 'ntp'] }), found: ['duplicate-entry Klibs[2]'] },
  { reason: 'a debug flag three times', text: goodManifest({ Debugflags: ['fault', 'fault', 'fault'] }), found: ['duplicate-entry Debugflags[1]', 'duplicate-entry Debugflags[2]'] },
  { reason: 'a file twice', text: goodManifest({ Files: ['a', './a'], Dirs: ['d/', 'd'] }), found: ['duplicate-entry Files[1]', 'duplicate-entry Dirs[1]'] },
  { reason: 'an argument twice, which may be meant', text: goodManifest({ Args: ['-v', '-v'] }), found: [] },
];

const sizes: readonly Case[] = [
  { reason: 'a size without unit', text: goodManifest({ BaseVolumeSz: '32' }), found: ['size-too-small BaseVolumeSz'] },
  { reason: 'a size of less than the boot file system', text: goodManifest({ BaseVolumeSz: '12m' }), found: ['size-too-small BaseVolumeSz'] },
  { reason: 'a size above it', text: goodManifest({ BaseVolumeSz: '13m' }), found: [] },
];

const networks: readonly Case[] = [
  { reason: 'ports the wrong way round', text: goodManifest({ RunConfig: { Ports: ['80-80', '90-80'] } }), found: ['bad-value RunConfig.Ports[1]'], platform: 'nanos' },
  { reason: 'UDP ports the wrong way round', text: goodManifest({ RunConfig: { UDPPorts: ['9-8'] } }), found: ['no-effect RunConfig.UDPPorts', 'bad-value RunConfig.UDPPorts[0]'], platform: 'nanos' },
  { reason: 'a mask without address', text: goodManifest({ RunConfig: { NetMask: '255.0.0.0', Gateway: '10.0.0.1' } }), found: ['no-effect RunConfig.NetMask', 'no-effect RunConfig.Gateway'], platform: 'nanos' },
  { reason: 'the same of a further interface', text: goodManifest({ RunConfig: { Nics: [{ IPAddress: '10.0.0.2', NetMask: '255.0.0.0' }, { Gateway: '10.0.0.1' }] } }), found: ['no-effect RunConfig.Nics[1].Gateway'], platform: 'nanos' },
  { reason: 'the same for the kernel', text: withPassthrough({ netmask: '255.0.0.0', en2: { gateway: '10.0.0.1' } }), found: ['no-effect ManifestPassthrough.netmask', 'no-effect ManifestPassthrough.en2.gateway'], platform: 'nanos' },
  { reason: 'a mask with an address', text: withPassthrough({ ipaddr: '10.0.0.2', netmask: '255.0.0.0' }), found: [], platform: 'nanos' },
  { reason: 'a mask with the address of RunConfig', text: withPassthrough({ netmask: '255.0.0.0' }, { RunConfig: { IPAddress: '10.0.0.2' } }), found: [], platform: 'nanos' },
  { reason: 'a network console that is off', text: withPassthrough({ netconsole_ip: '10.0.2.2', netconsole_port: '4444' }), found: ['no-effect ManifestPassthrough.netconsole_ip', 'no-effect ManifestPassthrough.netconsole_port'], platform: 'nanos' },
  { reason: 'a network console that is on', text: withPassthrough({ netconsole_ip: '10.0.2.2', consoles: ['+net'] }), found: [], platform: 'nanos' },
  { reason: 'a slip in the name of an option of an interface', text: withPassthrough({ en2: { ipadr: '10.0.0.2' } }), found: ['misspelt-passthrough-key ManifestPassthrough.en2.ipadr'], platform: 'nanos' },
];

const klibs: readonly Case[] = [
  { reason: 'a log without settings, which ends the boot', text: goodManifest({ Klibs: ['syslog'] }), found: ['klib-unset Klibs[0]'] },
  { reason: 'a log with settings', text: withPassthrough({ syslog: {} }, { Klibs: ['syslog'] }), found: [] },
  { reason: 'system calls that no trace leaves out', text: goodManifest({ NoTrace: ['futex'] }), found: ['klib-missing NoTrace'] },
  { reason: 'intervals the wrong way round, which end the boot', text: withPassthrough({ ntp_poll_min: '10', ntp_poll_max: '4' }, { Klibs: ['ntp'] }), found: ['bad-value ManifestPassthrough.ntp_poll_max'] },
  { reason: 'intervals of one length', text: withPassthrough({ ntp_poll_min: '4', ntp_poll_max: '4' }, { Klibs: ['ntp'] }), found: [] },
  { reason: 'a flag that another overrules', text: withPassthrough({ exec_protection: 't', program_overwrite: 't' }), found: ['no-effect ManifestPassthrough.program_overwrite'] },
];

const programs: readonly Case[] = [
  { reason: 'an absolute path', text: goodManifest({ Program: '/bin/my_prover' }), found: ['program-outside Program'] },
  { reason: 'the home folder', text: goodManifest({ Program: '~/prover/my_prover' }), found: ['program-outside Program'] },
  { reason: 'a variable, which nobody replaces', text: goodManifest({ Program: '$HOME/my_prover' }), found: ['program-outside Program'] },
  { reason: 'the folder above, further in', text: goodManifest({ Program: 'bin/../../my_prover' }), found: ['program-outside Program'] },
  { reason: 'a folder of the image', text: goodManifest({ Program: 'bin/my_prover' }), found: [] },
];

const mounts: readonly Case[] = [
  { reason: 'the workspace in another case', text: goodManifest({ Mounts: { '%0': '/Workspace' } }), found: ['workspace-misspelt Mounts["%0"]'] },
  { reason: 'the workspace with a slip', text: goodManifest({ Mounts: { '%0': '/workspcae' } }), found: ['workspace-misspelt Mounts["%0"]'] },
  { reason: 'the workspace in another case, read-only', text: goodManifest({ Mounts: { '%0': '/WORKSPACE:ro' } }), found: ['workspace-misspelt Mounts["%0"]'] },
  { reason: 'something else beside the workspace', text: goodManifest({ Mounts: { '%0': '/workspace', '%1': '/Workspace' } }), found: ['extra-mount Mounts["%1"]'] },
  { reason: 'something else', text: goodManifest({ Mounts: { '%0': '/work' } }), found: ['workspace-missing Mounts', 'extra-mount Mounts["%0"]'] },
  { reason: 'two in one place', text: goodManifest({ Mounts: { a: '/workspace', b: '/workspace:ro', c: '/data', d: '/data' } }), found: ['mount-point-taken Mounts.b', 'extra-mount Mounts.c', 'mount-point-taken Mounts.d'] },
  { reason: 'a volume inside another', text: goodManifest({ Mounts: { a: '/data', b: '/data/in' } }), found: ['mount-inside-mount Mounts.b'], platform: 'nanos' },
  { reason: 'a volume around another', text: goodManifest({ Mounts: { a: '/data/in', b: '/data' } }), found: ['mount-inside-mount Mounts.a'], platform: 'nanos' },
  { reason: 'volumes side by side', text: goodManifest({ Mounts: { a: '/data', b: '/data2' } }), found: [], platform: 'nanos' },
];

const variables: readonly Case[] = [
  { reason: 'a backtrace that sounds off and is on', text: goodManifest({ Env: { RUST_BACKTRACE: 'off' } }), found: ['bad-variable Env.RUST_BACKTRACE'] },
  { reason: 'the same of errors', text: goodManifest({ Env: { RUST_LIB_BACKTRACE: 'false' } }), found: ['bad-variable Env.RUST_LIB_BACKTRACE'] },
  { reason: 'a stack with a unit, which Rust does not read', text: goodManifest({ Env: { RUST_MIN_STACK: '8m' } }), found: ['bad-variable Env.RUST_MIN_STACK'] },
  { reason: 'threads in words', text: goodManifest({ Env: { RAYON_NUM_THREADS: 'all', TOKIO_WORKER_THREADS: '0' } }), found: ['bad-variable Env.RAYON_NUM_THREADS', 'bad-variable Env.TOKIO_WORKER_THREADS'] },
  { reason: 'values that are read', text: goodManifest({ Env: { RUST_BACKTRACE: '0', RUST_LIB_BACKTRACE: 'full', RUST_MIN_STACK: '8388608', RAYON_NUM_THREADS: '0', TOKIO_WORKER_THREADS: '2' } }), found: [] },
  { reason: 'libraries in a home folder', text: goodManifest({ Env: { LD_LIBRARY_PATH: '/lib:/home/me/lib' } }), found: ['pointless-variable Env.LD_LIBRARY_PATH'] },
  { reason: 'libraries in the image', text: goodManifest({ Env: { LD_LIBRARY_PATH: '/vendor/lib' } }), found: [] },
];

const commandLines: readonly Case[] = [
  { reason: 'an option and its value in one', text: goodManifest({ Args: ['--size 10'] }), found: ['joined-arguments Args[0]'] },
  { reason: 'a whole command line in one', text: goodManifest({ Args: ['prove', '-i /workspace/in --out /workspace/out'] }), found: ['joined-arguments Args[1]'] },
  { reason: 'blanks in a value', text: goodManifest({ Args: ['--name=my prover', 'a b', '-', '- x', '-5 + 3', ' --x'] }), found: [] },
  { reason: 'the program, as a shell has it', text: goodManifest({ Program: 'my_prover', Args: ['my_prover', '--size'] }), found: ['program-in-args Args[0]'] },
  { reason: 'the program by its path', text: goodManifest({ Args: ['./target/release/my_prover'] }), found: ['program-in-args Args[0]'] },
  { reason: 'a folder of that name', text: goodManifest({ Program: 'my_prover', Args: ['/params/my_prover'] }), found: [] },
  { reason: 'the program further behind', text: goodManifest({ Args: ['run', 'my_prover'] }), found: [] },
];

const exits: readonly Case[] = [
  { reason: 'a machine that idles, until the node’s time is up', text: withPassthrough({ idle_on_exit: '*' }), found: ['idle-on-exit ManifestPassthrough.idle_on_exit'] },
  { reason: 'the same by a debug flag', text: goodManifest({ Debugflags: ['idle_on_exit'] }), found: ['idle-on-exit Debugflags[0]'] },
  { reason: 'elsewhere', text: withPassthrough({ idle_on_exit: '*' }), found: [], platform: 'nanos' },
];

describe('the next step', () => {
  it.each([
    { reason: 'a flag that a node needs is not to be removed', text: withPassthrough({ readonly_rootfs: 'false' }), platform: 'gevulot', hint: 'Write `"true"`: a node needs it.' },
    { reason: 'elsewhere it is', text: withPassthrough({ readonly_rootfs: 'false' }), platform: 'nanos', hint: 'Its presence enables it: remove the key.' },
  ] as const)('$reason', ({ text, platform, hint }) => {
    expect(check({ text, platform })).toMatchObject([{ code: 'presence-flag', hint }]);
  });

  it.each([
    { reason: 'a size without unit', text: goodManifest({ BaseVolumeSz: '32' }), words: ['is `32`', 'Write a unit, e.g. `"32m"`, or remove the key.'] },
    { reason: 'a size of nothing', text: goodManifest({ BaseVolumeSz: '0' }), words: ['is `0`', 'Give more than the 12 MiB of the boot file system, or remove the key.'] },
    { reason: 'a name of nothing', text: goodManifest({ Env: { '': 'x' } }), words: ['An empty text cannot be the name', 'A name is not empty and has no `=`.'] },
  ])('fits $reason', ({ text, words: [message = '', hint] }) => {
    expect(check({ text })).toMatchObject([{ message: expect.stringContaining(message) as string, hint }]);
  });

  it('is to name a program of the crate where another lies outside, and no fix invents one', () => {
    const outside = (Program: string): readonly Finding[] => findingsOf(goodManifest({ Program }), { programs: ['my_prover', 'my_verifier'] });
    expect(outside('/bin/sh')).toEqual([expect.objectContaining({ hint: 'Write `"Program": "my_prover"`.' })]);
    expect(outside('/bin/sh')[0]).not.toHaveProperty('fix');
    expect(outside('/bin/my-verifier')).toMatchObject([{ hint: 'Write `"Program": "my_verifier"`.' }]);
    expect(outside('/bin/my_verifier')).toMatchObject([{ hint: 'Write `"Program": "bin/my_verifier"`.', fix: { isSafe: true } }]);
  });

  it('for two mounts in one place is to remove one, unless there may be more', () => {
    const taken = (platform: Platform): unknown => check({ text: goodManifest({ Mounts: { a: '/workspace', b: '/workspace' } }), platform }).map(({ hint }) => hint);
    expect(taken('gevulot')).toEqual(['Remove one of them.']);
    expect(taken('nanos')).toEqual(['Choose another folder, or remove one of them.']);
  });

  it('for variables without a value is to give one', () => {
    expect(check({ text: goodManifest({ Env: ['A=b', 'HOME'] }) })).toMatchObject([{ code: 'wrong-type', hint: expect.stringContaining('a value for each') as string }]);
  });

  it('names no setting that is refused', () => {
    expect(check({ text: goodManifest({ RunConfig: { CPUs: 2, GPUs: 1 } }) })).toMatchObject([
      { hint: 'Set `resources` in `[package.metadata.package-vm]`; a node takes them from the deployment.' },
      { hint: 'Remove it: a node takes GPUs from the deployment.' },
    ]);
  });
});

describe.each([
  { subject: 'presence flags', cases: presenceFlags },
  { subject: 'debug flags', cases: debugFlags },
  { subject: 'lists', cases: lists },
  { subject: 'sizes', cases: sizes },
  { subject: 'the network', cases: networks },
  { subject: 'klibs', cases: klibs },
  { subject: 'the program', cases: programs },
  { subject: 'mounts', cases: mounts },
  { subject: 'variables', cases: variables },
  { subject: 'arguments', cases: commandLines },
  { subject: 'the end of a program', cases: exits },
])('rules on $subject', ({ cases }) => {
  it.each(cases)('$reason: $found', (one) => {
    expect(check(one).map(lineOf)).toEqual(one.found);
  });
});
