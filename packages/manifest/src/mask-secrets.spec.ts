import { maskSecrets } from './mask-secrets.js';

describe('maskSecrets', () => {
  it.each([
    { reason: 'a variable', text: '{ "Env": { "HF": "abcdef", "B": "ok-then" } }', masked: '{ "Env": { "HF": "******", "B": "*******" } }' },
    { reason: 'a number that is no text yet', text: '{ "Env": { "TOKEN": 1234, "N": 123456 } }', masked: '{ "Env": { "TOKEN": ****, "N": ****** } }' },
    { reason: 'variables in a list', text: '{ "ENV": ["TOKEN=abc", "A=/b", "RUST_LOG=info"] }', masked: '{ "ENV": ["TOKEN=***", "A=/b", "RUST_LOG=info"] }' },
    { reason: 'a variable as a key', text: '{ "Env": { "TOKEN=abc": "" } }', masked: '{ "Env": { "TOKEN=***": "" } }' },
    { reason: 'arguments', text: '{ "Args": ["--size", "10", "--api-key=abc", "--token", "abc", "hidden"] }', masked: '{ "Args": ["--size", "10", "--api-key=***", "--token", "***", "******"] }' },
    { reason: 'arguments in one text', text: '{ "Args": "--token abc" }', masked: '{ "Args": "***********" }' },
    { reason: 'a key that says so', text: '{ "CloudConfig": { "password": "abc" }, "Program": "abc" }', masked: '{ "CloudConfig": { "password": "***" }, "Program": "abc" }' },
    { reason: 'a list of such a key', text: '{ "x": { "api_key": ["abc"] } }', masked: '{ "x": { "api_key": ["***"] } }' },
    { reason: 'a form that says so, in a comment', text: '{} // AKIAABCDEFGHIJKLMNOP', masked: '{} // ********************' },
    { reason: 'what is no JSON', text: "{ Env: { 'A': secret, “B”: “secret” \"C\" \"secret\n } \"", masked: "{ Env: { 'A': ******, “B”: “******” \"C\" \"******\n } \"" },
    { reason: 'an object that is not closed', text: '{ "Env": { "A": "b-c-d-e"\n"Program": "x-y-z-0"', masked: '{ "Env": { "A": "*******"\n"Program": "*******"' },
    { reason: 'texts without end', text: '{ "Env": ["', masked: '{ "Env": ["' },
  ])('hides $reason, and keeps every place', ({ text, masked }) => {
    expect(maskSecrets(text)).toBe(masked);
    expect(maskSecrets(text)).toHaveLength(text.length);
  });

  it.each(['{ "Env": { "RUST_BACKTRACE": 1, "A": "true", "TMPDIR": "/workspace/tmp", "RUST_LOG": "info,h2=warn" } }', '{ "Files": ["a"], "ManifestPassthrough": { "readonly_rootfs": "true" } } // why', ''])('leaves %j', (text) => {
    expect(maskSecrets(text)).toBe(text);
  });
});
