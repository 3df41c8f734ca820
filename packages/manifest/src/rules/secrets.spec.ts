import { findingsOf, goodManifest, withPassthrough } from '../testing/findings-of.js';
import { isSecretArgument, isSecretValue } from './secrets.js';

const hex64 = '4c0883a69102937d6231471b5dbb6204fe5129617082792ae468d01a3f362318';
const pem = '-----BEGIN EC PRIVATE KEY-----\nMHQ=\n-----END EC PRIVATE KEY-----';
const words = 'legal winner thank year wave sausage worth useful legal winner thank yellow';

// put together here, so that nothing that scans a repository takes this one for leaking them
const made = (...parts: readonly string[]): string => parts.join('');

describe('isSecretValue', () => {
  it.each([
    ['AWS_SECRET_ACCESS_KEY', 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYzzzzzzzzzz'],
    ['AWS_SESSION_TOKEN', 'FwoGZXIvYXdzEJr'],
    ['DB_PASSWORD', 'hunter2'],
    ['DB_PASS', 'hunter2'],
    ['KEYSTORE_PASSPHRASE', 'correct horse'],
    ['API_KEY', 'k-1'],
    ['apiKey', 'k-1'],
    ['openaiApiKey', 'k-1'],
    ['APIKEY', 'k-1'],
    ['BONSAI_API_KEY', 'aBcDeF123456'],
    ['RADAR_KEY', 'aBcDeF123456'],
    ['PRIVATE_KEY', hex64],
    ['PRIVATE_KEY_HEX', `0x${hex64}`],
    ['SP1_PRIVATE_KEY', `0x${hex64}`],
    ['NETWORK_PRIVATE_KEY', hex64],
    ['SIGNER_KEY', 'abc'],
    ['ETH_KEY', `0x${hex64}`],
    ['NODE_SK', hex64],
    ['WALLET_SEED', hex64],
    ['MNEMONIC', 'legal winner thank'],
    ['SEED_PHRASE', 'legal winner thank'],
    ['GCP_CREDENTIALS_JSON', '{"type":"service_account"}'],
    ['STORAGE_ACCOUNT_SAS', 'sv=2022-11-02&ss=b'],
    ['CLIENT_SECRET', 'x1'],
    ['clientSecret', 'x1'],
  ])('by its name: %s', (name, value) => {
    expect(isSecretValue(name, value)).toBe(true);
  });

  it.each([
    ['a private key', pem],
    ['a private key of PGP', '-----BEGIN PGP PRIVATE KEY BLOCK-----'],
    ['a private key in base64', Buffer.from(pem).toString('base64')],
    ['an AWS access key', made('AKIA', 'IOSFODNN7EXAMPLE')],
    ['a GitHub token', made('ghp_', 'a1'.repeat(18))],
    ['a GitHub token of the newer kind', made('github_pat_', 'a1'.repeat(20))],
    ['a GitLab token', made('glpat-', 'a1'.repeat(10))],
    ['a Slack token', made('xoxb-', '1234567890-abc')],
    ['a Google API key', made('AIza', 'x'.repeat(35))],
    ['a Stripe key', made('sk_live_', 'a1'.repeat(10))],
    ['a key of OpenAI', made('sk-', 'proj-', 'a1'.repeat(16))],
    ['a key of Anthropic', made('sk-ant-', 'api03-', 'a1'.repeat(16))],
    ['a token of Hugging Face', made('hf_', 'aB'.repeat(17))],
    ['an npm token', made('npm_', 'a1'.repeat(18))],
    ['a crates.io token', made('cio', 'a1'.repeat(16))],
    ['a JSON web token', made('eyJhbGciOiJIUzI1NiJ9.', 'eyJzdWIiOiIxMjM0In0.', 'c2lnbmF0dXJl')],
    ['a password in a URL', 'postgres://me:pw@db/x'],
    ['a password in a URL without user', 'redis://:pw@cache:6379'],
    ['a password with a colon', 'https://user:p:w@host'],
    ['a key in a query', 'https://rpc.example/?apikey=0123456789abcdef'],
    ['a signature in a query', 'https://x.blob.core.windows.net/c?sv=2022&sig=abc%2Bdefghijk'],
    ['a node of Infura', `https://mainnet.infura.io/v3/${hex64.slice(0, 32)}`],
    ['a node of Alchemy', 'https://eth-mainnet.g.alchemy.com/v2/abcdefghijklmnopqrstuvwxyz012345'],
    ['a header', 'Authorization: Bearer abcdef0123456789'],
    ['a header with a password', 'authorization: basic dXNlcjpwYXNz'],
    ['an extended private key', made('xprv', '9s21ZrQH143K'.repeat(9).slice(0, 107))],
    ['a key of age', made('AGE-SECRET-KEY-', '1QQQQ')],
    ['twelve words of a wallet', words],
  ])('by its form, whatever the name: %s', (_, value) => {
    expect(isSecretValue('X', value)).toBe(true);
  });

  it.each([
    ['PROVING_KEY', 'params/pk.bin'],
    ['PROVING_KEY_HASH', hex64],
    ['PROVING_KEY', hex64],
    ['VERIFYING_KEY', `0x${hex64}`],
    ['VERIFICATION_KEY', hex64],
    ['PUBLIC_KEY', hex64],
    ['IMAGE_ID', hex64],
    ['STATE_ROOT', `0x${hex64}`],
    ['TOKEN_ADDRESS', '0x6B175474E89094C44Da98b954EedeAC495271d0F'],
    ['TOKEN_ID', 'eth-mainnet'],
    ['TOKEN_FILE', 'token.txt'],
    ['TOKENIZERS_PARALLELISM', 'false'],
    ['MAX_TOKENS', '4096'],
    ['TOKEN_LIMIT', 'many'],
    ['SECRET_SHARING', 'shamir'],
    ['PRIVATE_KEY', '/workspace/key.pem'],
    ['PRIVATE_KEY', 'keys/prover.pem'],
    ['PRIVATE_KEY', 'prover.key'],
    ['PRIVATE_KEY_PATH', 'keys/prover'],
    ['PASSWORD', ''],
    ['PASSWORD', '${PASSWORD}'],
    ['PASSWORD', '$PASSWORD'],
    ['PASSWORD', '{{ password }}'],
    ['API_KEY', '<your key>'],
    ['API_KEY', 'your-api-key-here'],
    ['API_KEY', 'changeme'],
    ['API_KEY', 'dummy'],
    ['API_KEY', 'none'],
    ['SINGLE_PASS', 'true'],
    ['PWD', '/'],
    ['RUST_LOG', 'info,my_prover::keys=debug'],
    ['RPC_URL', 'https://rpc.example:8545/v2'],
    ['RPC_URL', 'https://user@host/path:x'],
    ['RPC_URL', 'https://me:${PASS}@host'],
    ['SEED', '42'],
    ['LABEL', 'this is a sentence with a dozen words in it, with commas too'],
    // the first account of Anvil and Hardhat, which everybody knows
    ['PRIVATE_KEY', '0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80'],
    ['MNEMONIC', 'test test test test test test test test test test test junk'],
  ])('not %s=%s', (name, value) => {
    expect(isSecretValue(name, value)).toBe(false);
  });
});

describe('isSecretArgument', () => {
  it.each([
    { args: ['--password', 'hunter2'] },
    { args: ['--api-key=abc'] },
    { args: ['--apiKey', 'abc'] },
    { args: ['-token', 'abc'] },
    { args: ['--password hunter2'] },
    { args: ['--rpc https://u:p@host'] },
    { args: ['API_KEY=abc'] },
    { args: ['--private-key', `0x${hex64}`] },
    { args: ['--signer-key', hex64] },
    { args: ['--sk', hex64] },
    { args: ['--rpc', 'https://u:p@host'] },
    { args: ['-H', 'Authorization: Bearer abcdef0123456789'] },
  ])('$args', ({ args }) => {
    expect(isSecretArgument(args.at(-1) ?? '', args.at(-2))).toBe(true);
  });

  it.each([
    { args: ['--proving-key', 'pk.bin'] },
    { args: ['--proving-key', 'params/proving.key'] },
    { args: ['--proving-key=/params/pk'] },
    { args: ['--verifying-key', `0x${hex64}`] },
    { args: ['--pk', 'params/pk.bin'] },
    { args: ['--image-id', hex64] },
    { args: [hex64] },
    { args: ['--token', '--verbose'] },
    { args: ['--token-file token.txt'] },
    { args: ['--size 10'] },
    { args: ['--token-file', 'token.txt'] },
    { args: ['--secret-sharing', 'shamir'] },
    { args: ['--password-file=/workspace/p'] },
    { args: ['--key-type', 'ed25519'] },
    { args: ['--seed', '12345678901234567890'] },
    { args: ['--public-inputs=1,2,3'] },
  ])('not $args', ({ args }) => {
    expect(isSecretArgument(args.at(-1) ?? '', args.at(-2))).toBe(false);
  });
});

describe('the forms of secrets', () => {
  it.each(['a.', 'a-', 'eyJaaaaaaaa-', 'eyJaaaaaaaa.', 'sk-', 'http://', 'http://a:b', '//a.', 'abc ', '-----BEGIN A', '?key='])('are looked for quickly in %j, many times', (piece) => {
    const started = performance.now();
    isSecretValue('TOKEN_HEX'.repeat(10_000), piece.repeat(100_000 / piece.length));
    // some milliseconds by itself; seconds where a form begins anew at every letter
    expect(performance.now() - started).toBeLessThan(1000);
  });
});

describe('findings on secrets', () => {
  it('look into ManifestPassthrough too, which is as readable', () => {
    const text = withPassthrough(
      {
        azure: { diagnostics: { storage_account: 'logs', storage_account_sas: 'sv=2022-11-02&ss=b' } },
        cloud_init: { download: [{ src: 'https://host/a?sig=abcdefghijk', dest: '/a' }, { src: 'https://host/b', auth: 'Basic dXNlcjpwYXNz' }] },
      },
      { Klibs: ['azure', 'cloud_init'] },
    );
    const found = findingsOf(text, { platform: 'nanos' }).map(({ code, place }) => `${code} ${place.keys?.slice(1).join('.')}`);
    expect(found).toEqual([
      'secret-in-passthrough azure.diagnostics.storage_account_sas',
      'secret-in-passthrough cloud_init.download.0.src',
      'secret-in-passthrough cloud_init.download.1.auth',
    ]);
  });

  it('never print what they found, nor do findings beside them', () => {
    const text = goodManifest({
      Env: { API_KEY: 'sw0rdf1sh', 'PASSWORD=sw0rdf1sh': 'x' },
      Args: ['--password', 'sw0rdf1sh', '--token=sw0rdf1sh'],
      ManifestPassthrough: { readonly_rootfs: 't', debug_exit: 't', token: 'sw0rdf1sh', cloud_init: { download: [{ src: 'https://u:sw0rdf1sh@host' }] } },
    });
    const findings = findingsOf(text);
    expect(findings.map(({ code }) => code).toSorted()).toEqual(['bad-env-name', 'bad-value', 'klib-missing', 'secret-in-args', 'secret-in-args', 'secret-in-env', 'secret-in-passthrough', 'unknown-passthrough-key']);
    expect(JSON.stringify(findings.map(({ message, hint }) => [message, hint]))).not.toContain('sw0rdf1sh');
  });
});
