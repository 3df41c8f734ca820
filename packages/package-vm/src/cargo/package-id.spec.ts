import { folderOfPackage, isByPath, nameOfPackage } from './package-id.js';

describe('ids of packages', () => {
  it.each([
    { reason: 'named like its folder', id: 'path+file:///ws/app#0.1.0', folder: '/ws/app', name: 'app' },
    { reason: 'named otherwise', id: 'path+file:///ws/app#my-app@0.1.0', folder: '/ws/app', name: 'my-app' },
    { reason: 'of cargo before 1.77', id: 'my-app 0.1.0 (path+file:///ws/app)', folder: '/ws/app', name: 'my-app' },
    { reason: 'in a folder with a blank', id: 'path+file:///ws/my%20app#app@0.1.0', folder: '/ws/my app', name: 'app' },
  ])('tell folder and name of a package $reason', ({ id, folder, name }) => {
    expect({ isPath: isByPath(id), folder: folderOfPackage(id), name: nameOfPackage(id) }).toEqual({ isPath: true, folder, name });
  });

  it('tell a package of a registry', () => {
    expect(isByPath('registry+https://github.com/rust-lang/crates.io-index#z-sys@1.0.0')).toBe(false);
  });
});
