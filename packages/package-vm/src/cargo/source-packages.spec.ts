import { type BuildTrace } from './build-program.js';
import { type CargoMessage } from './cargo-messages.js';
import { sourcePackages } from './source-packages.js';

const library = (id: string, folder: string): CargoMessage => ({ reason: 'compiler-artifact', package_id: id, manifest_path: `${folder}/Cargo.toml`, target: { name: 'x', kind: ['lib'] }, features: [], filenames: [] });
const REGISTRY = 'registry+https://github.com/rust-lang/crates.io-index';

describe('sourcePackages', () => {
  it('has what is reached by a path and what is vendored, once, and nothing of a registry', () => {
    const messages = [
      library('path+file:///ws/app#my-app@0.1.0', '/ws/app'),
      library('path+file:///ws/app#my-app@0.1.0', '/ws/app'),
      library(`${REGISTRY}#leaf@1.0.0`, '/ws/vendor/leaf'),
      library(`old 1.0.0 (${REGISTRY})`, '/ws/vendor/old'),
      library(`${REGISTRY}#serde@1.0.0`, '/cargo-home/registry/src/serde'),
    ];
    const trace: BuildTrace = {
      package: { name: 'app', version: '0.1.0', spec: '', manifestPath: '', folder: '/ws/app', targetDir: '/ws/target', buildDir: '/ws/target', workspaceRoot: '/ws', bins: [], program: 'app', metadata: undefined },
      messages, programPath: '/ws/target/release/app', sourceRoot: '/ws', cargoHome: '/cargo-home', sysroot: '', otherFiles: [], forcedVariables: [],
    };
    expect(sourcePackages(trace)).toEqual([
      { name: 'my-app', folder: '/ws/app', isVendored: false },
      { name: 'leaf', folder: '/ws/vendor/leaf', isVendored: true },
      { name: 'old', folder: '/ws/vendor/old', isVendored: true },
    ]);
  });
});
