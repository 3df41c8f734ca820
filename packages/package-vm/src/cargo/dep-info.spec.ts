import { parseDepInfo } from './dep-info.js';

// written by rustc 1.95.0
const OF_RUSTC = `/ws/target/release/deps/my_app-64f6035eba92cf2b.d: app/src/main.rs /ws/target/release/build/my-app-7de053dcc51c609f/out/gen.rs

/ws/target/release/deps/my_app-64f6035eba92cf2b: app/src/main.rs /ws/target/release/build/my-app-7de053dcc51c609f/out/gen.rs

app/src/main.rs:
/ws/target/release/build/my-app-7de053dcc51c609f/out/gen.rs:

# env-dep:CARGO_PKG_VERSION=0.1.0
# env-dep:GEN=1=2
# env-dep:WITH SPACE
`;
// written by cargo 1.95.0
const OF_CARGO = '/a b/ws/target/release/my-app: /a\\ b/ws/app/src/main.rs /a\\ b/shared /x:y/z.bin\n';

describe('parseDepInfo', () => {
  it('gives the files and variables that rustc read', () => {
    expect(parseDepInfo(OF_RUSTC)).toMatchObject({
      files: ['app/src/main.rs', '/ws/target/release/build/my-app-7de053dcc51c609f/out/gen.rs'],
      environment: ['CARGO_PKG_VERSION', 'GEN', 'WITH SPACE'],
    });
  });

  it('gives the files that cargo lists, with blanks and colons in their names', () => {
    expect(parseDepInfo(OF_CARGO)).toEqual({ targets: ['/a b/ws/target/release/my-app'], files: ['/a b/ws/app/src/main.rs', '/a b/shared', '/x:y/z.bin'], environment: [] });
  });

  it('has nothing of an empty file', () => {
    expect(parseDepInfo('')).toEqual({ targets: [], files: [], environment: [] });
  });
});
