import { fingerprintParts, fingerprintWords, shellWord } from './fingerprint-words.js';

describe('the words of a fingerprint', () => {
  it('are read as they were written, through a shell', () => {
    const parts = { paths: ['a/b', "it's $HOME/x y", 'key.bin', '../out'], libraries: ['libssl.so.3'], variables: ['APP_*'], cargoCommands: [['cargo', '+nightly', '--config', 'a="it\'s"']], targets: ['x86_64-unknown-linux-musl'] };
    const command = `node "node_modules/@package-vm/nx/dist/fingerprint.js" toolchain . ${fingerprintWords(parts).map(shellWord).join(' ')}`;
    expect(fingerprintParts([{ runtime: command }, 'x', { runtime: 'date' }])).toEqual(parts);
  });
});
