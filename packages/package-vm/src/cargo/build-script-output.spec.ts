import { parseBuildScriptOutput } from './build-script-output.js';

describe('parseBuildScriptOutput', () => {
  it('gives what a script names, in both spellings, once', () => {
    const text = 'cargo:rerun-if-changed=a b.h\r\ncargo::rerun-if-changed=../c\ncargo:rerun-if-env-changed=CC\nCC = None\ncargo::rerun-if-env-changed=CC\ncargo:rustc-env=X=rerun-if-changed=no\ncargo:rustc-link-arg=-Tx.ld\ncargo::rustc-link-arg-bin=app=-Ty.ld\n';
    expect(parseBuildScriptOutput(text)).toEqual({ files: ['a b.h', '../c'], environment: ['CC'], linkArguments: ['-Tx.ld', '-Ty.ld'] });
  });
});
