import fc from 'fast-check';

/** Documents near the truth: keys of manifests, in any spelling and section, with values that are right and wrong. */
const topKeys = [
  ...['Program', 'program', 'Args', 'Env', 'ENV', 'Mounts', 'mounts', 'Mount', 'ManifestPassthrough', 'manifestPassthrough', 'RunConfig', 'Klibs', 'klibs', 'Files', 'RebootOnExit'],
  ...['BaseVolumeSz', 'Debugflags', 'NanosVersion', 'ImageName', 'Runtime', 'Force', '$schema'],
];
const passthroughKeys = ['readonly_rootfs', 'radonly_rootfs', 'debug_exit', 'Debug-Exit', 'cwd', 'Cwd', 'noaslr', 'NoASLR', 'syslog', 'uname', 'Uname', 'reboot_on_exit', 'trace', 'mtu', 'MTU', 'debugsyscalls'];
const otherKeys = ['Memory', 'CPUs', 'cpus', 'Nics', 'IPAddress', '%0', '%1', '/workspace', 'A', 'x y', ''];
const keys = fc.constantFrom(...topKeys, ...passthroughKeys, ...otherKeys);
const leaves = fc.oneof(
  fc.constantFrom('', 'true', 'false', '/workspace', 'workspace/', '/a', '../a', '%0', '2g', '2 GB', '10', 'my_prover', 'target/release/my_prover', 'A=b', 'ntp', '0', 'missing-files'),
  fc.constantFrom(0, 1, 1.5, true, false, null),
);
const { document } = fc.letrec<{ document: unknown }>((tie) => ({
  document: fc.oneof({ maxDepth: 3, withCrossShrink: true }, leaves, fc.array(tie('document'), { maxLength: 3 }), fc.dictionary(keys, tie('document'), { maxKeys: 5 })),
}));
/** Mostly of the form that a manifest has, so that its rules are reached. */
const sections = fc.record(
  {
    Program: leaves,
    Args: fc.array(leaves, { maxLength: 3 }),
    Env: fc.oneof(fc.dictionary(fc.constantFrom('A', 'TMPDIR', 'RUST_BACKTRACE', ''), leaves), fc.array(leaves)),
    Mounts: fc.dictionary(fc.constantFrom('%0', '%1', '/workspace'), leaves),
    ManifestPassthrough: fc.dictionary(fc.constantFrom(...passthroughKeys), fc.oneof(leaves, document)),
    RunConfig: fc.dictionary(fc.constantFrom('Memory', 'memory', 'CPUs', 'IPAddress', 'Klibs'), leaves),
    Debugflags: fc.array(leaves, { maxLength: 2 }),
    RebootOnExit: leaves,
  },
  { requiredKeys: [] },
);
export const manifests = fc.oneof(
  fc.dictionary(keys, document, { maxKeys: 7 }),
  fc.tuple(sections, fc.dictionary(keys, document, { maxKeys: 2 })).map(([known, others]) => ({ ...others, ...known })),
);

const pieces = ['', ',', '"', "'", '{', '}', '[', ']', ':', '#', ' // x\n', '```\n', '\0', '“', '’', 'x', ' '];

/** A text with some of its characters gone, doubled or others. */
export const brokenTexts = fc.tuple(manifests.map((value) => JSON.stringify(value, null, 1)), fc.array(fc.tuple(fc.nat(), fc.constantFrom(...pieces)), { maxLength: 4 })).map(([text, edits]) =>
  edits.reduce((made, [at, piece]) => `${made.slice(0, at % (made.length + 1))}${piece}${made.slice((at % (made.length + 1)) + (piece === '' ? 1 : 0))}`, text),
);
