import { type ManifestFindingCode } from '../findings.js';
import { type CheckOptions } from '../index.js';
import { goodManifest, withPassthrough } from './findings-of.js';

/** What brings a finding about, and the same put right. */
export interface Example {
  readonly bad: string;
  readonly good: string;
  /** Where the finding is, as `line:column`. */
  readonly at: string;
  readonly options?: Partial<CheckOptions>;
}

const good = goodManifest();

/** An example of each finding on a manifest. Those on settings are in `settingsExamples`. */
export const manifestExamples: Readonly<Partial<Record<ManifestFindingCode, Example>>> = {
  syntax: { bad: '{\n  "Program": "my_prover"\n  "Args": []\n}', good, at: '3:3' },
  'too-large': { bad: `"${'x'.repeat(1024 * 1024)}"`, good, at: '1:1' },
  'too-deep': { bad: `${'['.repeat(65)}${']'.repeat(65)}`, good, at: '1:65' },
  'byte-order-mark': { bad: `\uFEFF${good}`, good, at: '1:1' },
  'duplicate-key': { bad: '{ "Args": [],\n  "Args": ["x"] }', good, at: '2:3' },
  'bad-text': { bad: '{ "Env": { "A": "x\\u0000" } }', good: goodManifest({ Env: { A: 'x' } }), at: '1:17' },
  'unknown-key': { bad: '{ "files": ["a"] }', good: goodManifest({ Files: ['a'] }), at: '1:3' },
  'wrong-type': { bad: '{ "Args": "a b" }', good: goodManifest({ Args: ['a', 'b'] }), at: '1:11' },
  'quote-it': { bad: '{ "Env": { "RUST_BACKTRACE": 1 } }', good: goodManifest({ Env: { RUST_BACKTRACE: '1' } }), at: '1:30' },
  'bad-value': { bad: '{ "BaseVolumeSz": "32 MB" }', good: goodManifest({ BaseVolumeSz: '32m' }), at: '1:19' },

  'reserved-key': { bad: '{ "ManifestPassthrough": { "program": "/x" } }', good, at: '1:28' },
  'misspelt-passthrough-key': { bad: '{ "ManifestPassthrough": { "radonly_rootfs": "true" } }', good, at: '1:28' },
  'unknown-passthrough-key': { bad: '{ "ManifestPassthrough": { "colour_of_the_sky": "blue" } }', good, at: '1:28' },
  'unknown-debug-flag': { bad: '{ "Debugflags": ["missing_filez"] }', good: goodManifest({ Debugflags: ['missing_files'] }), at: '1:18' },
  'no-flag': { bad: '{ "Debugflags": ["cwd"] }', good: withPassthrough({ cwd: '/workspace' }), at: '1:18' },
  'presence-flag': { bad: '{ "ManifestPassthrough": { "readonly_rootfs": "false" } }', good, at: '1:47' },
  'klib-missing': {
    bad: '{ "ManifestPassthrough": { "syslog": { "file": "/log" } } }',
    good: withPassthrough({ syslog: { file: '/log' } }, { Klibs: ['syslog'] }),
    at: '1:28',
  },
  'klib-unset': { bad: '{ "Klibs": ["syslog"] }', good: withPassthrough({ syslog: { file: '/workspace/log' } }, { Klibs: ['syslog'] }), at: '1:13' },

  'empty-value': { bad: '{ "Args": [""] }', good: goodManifest({ Args: ['x'] }), at: '1:12' },
  'joined-arguments': { bad: '{ "Args": ["--size 10"] }', good: goodManifest({ Args: ['--size', '10'] }), at: '1:12' },
  'program-in-args': { bad: '{ "Args": ["my_prover", "--size", "10"] }', good: goodManifest({ Args: ['--size', '10'] }), at: '1:12' },
  'bad-env-name': { bad: '{ "Env": { "A=B": "c" } }', good: goodManifest({ Env: { A: 'B' } }), at: '1:12' },
  'bad-variable': { bad: '{ "Env": { "RUST_BACKTRACE": "yes" } }', good: goodManifest({ Env: { RUST_BACKTRACE: '1' } }), at: '1:30' },
  'pointless-variable': { bad: '{ "Env": { "TMPDIR": "/tmp" } }', good: goodManifest({ Env: { TMPDIR: '/workspace/tmp' } }), at: '1:12' },
  'secret-in-env': { bad: '{ "Env": { "API_TOKEN": "7f3a9c" } }', good, at: '1:12' },
  'secret-in-args': { bad: '{ "Args": ["--password", "hunter2"] }', good: goodManifest({ Args: ['--password-file', '/workspace/password'] }), at: '1:26' },
  'secret-in-passthrough': {
    bad: '{ "Klibs": ["azure"], "ManifestPassthrough": { "azure": { "diagnostics": { "storage_account_sas": "sv=2022&ss=b" } } } }',
    good: withPassthrough({ azure: { diagnostics: { storage_account: 'logs' } } }, { Klibs: ['azure'] }),
    at: '1:99',
  },
  'duplicate-entry': { bad: '{ "Klibs": ["ntp", "ntp"] }', good: goodManifest({ Klibs: ['ntp'] }), at: '1:20' },
  'size-too-small': { bad: '{ "BaseVolumeSz": "32" }', good: goodManifest({ BaseVolumeSz: '32m' }), at: '1:19' },
  'schema-key': { bad: '{ "$schema": "./manifest.schema.json" }', good, at: '1:3' },
  'nanos-version-ignored': { bad: '{ "NanosVersion": "0.1.54" }', good, at: '1:3' },
  'no-effect': { bad: '{ "RunConfig": { "Memory": "2g" } }', good, at: '1:18' },
  'not-supported': { bad: '{ "Uefi": true }', good: goodManifest({ Uefi: false }), at: '1:3' },
  'program-path': { bad: '{ "Program": "./target/release/my_prover" }', good, at: '1:14' },
  'program-outside': { bad: '{ "Program": "../my_prover" }', good, at: '1:14' },
  'other-program': { bad: '{ "Program": "my_verifier" }', good, at: '1:14' },

  'unknown-program': { bad: '{ "Program": "my-prover" }', good, at: '1:14', options: { programs: ['my_prover', 'my_verifier'] } },
  'mount-over-system': { bad: '{ "Mounts": { "%0": "/workspace", "data": "/etc" } }', good, at: '1:43' },
  'mount-point-taken': { bad: '{ "Mounts": { "%0": "/workspace", "%1": "/workspace" } }', good, at: '1:41' },
  'mount-inside-mount': {
    bad: '{ "Mounts": { "params": "/data", "proofs": "/data/proofs" } }',
    good: goodManifest({ Mounts: { params: '/params', proofs: '/proofs' } }),
    at: '1:44',
    options: { platform: 'nanos' },
  },

  'workspace-missing': { bad: '{ "Mounts": {} }', good, at: '1:3' },
  'workspace-misspelt': { bad: '{ "Mounts": { "%0": "/Workspace" } }', good, at: '1:21' },
  'workspace-read-only': { bad: '{ "Mounts": { "%0": "/workspace:ro" } }', good, at: '1:21' },
  'extra-mount': { bad: '{ "Mounts": { "%0": "/workspace", "data": "/data" } }', good, at: '1:43' },
  'mount-renumbered': { bad: '{ "Mounts": { "%1": "/workspace" } }', good, at: '1:15' },
  'writable-root': { bad: '{ "ManifestPassthrough": {} }', good, at: '1:3' },
  'reboot-on-exit': { bad: '{ "RebootOnExit": true }', good: goodManifest({ RebootOnExit: false }), at: '1:3' },
  'idle-on-exit': { bad: '{ "ManifestPassthrough": { "idle_on_exit": "*" } }', good, at: '1:28' },
  'no-network': { bad: '{ "RunConfig": { "IPAddress": "10.0.0.2" } }', good, at: '1:18' },
  'exit-code-unknown': { bad: '{ "ManifestPassthrough": {} }', good, at: '1:3' },
};

/** An example of each finding on settings: TOML values, with the allowed findings applied to a good manifest. */
export const settingsExamples: Readonly<Partial<Record<ManifestFindingCode, { readonly bad: unknown; readonly good: unknown }>>> = {
  'cannot-allow': { bad: { allow: [{ finding: 'syntax', reason: 'x' }] }, good: {} },
  'unused-allow': { bad: { allow: [{ finding: 'reboot-on-exit', reason: 'x' }] }, good: {} },
};
