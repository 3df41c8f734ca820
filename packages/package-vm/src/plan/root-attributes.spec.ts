import { type Manifest } from '@package-vm/manifest';
import { rootAttributes } from './root-attributes.js';

const attributesOf = (manifest: Manifest): ReturnType<typeof rootAttributes> =>
  rootAttributes({ manifest, platform: 'gevulot', programPath: '/p', programName: 'p', imageName: 'p', nanosVersion: '0.1.54', hasKlibs: false });

/** Without what every program has. */
const added = (manifest: Manifest): object =>
  Object.fromEntries([...attributesOf(manifest)].filter(([key]) => !['program', 'arguments', 'environment'].includes(key)).map(([key, value]) => [key, value instanceof Map ? Object.fromEntries(value) : value]));

const environment = (manifest: Manifest): object => Object.fromEntries(attributesOf(manifest).get('environment') as Map<string, string>);

describe('rootAttributes', () => {
  it.each([
    { reason: 'an address with all that belongs to it', RunConfig: { IPAddress: '10.0.0.2', NetMask: '255.0.0.0', Gateway: '10.0.0.1' }, expected: { ipaddr: '10.0.0.2', netmask: '255.0.0.0', gateway: '10.0.0.1' } },
    { reason: 'an IPv6 address alone', RunConfig: { IPv6Address: 'fd00::2' }, expected: { ip6addr: 'fd00::2' } },
    { reason: 'nothing for a gateway and a mask without an address', RunConfig: { NetMask: '255.0.0.0', Gateway: '10.0.0.1' }, expected: {} },
    { reason: 'interfaces in place of the first one', RunConfig: { IPAddress: '10.0.0.9', Nics: [{ IPAddress: '10.0.0.2' }, { IPAddress: '10.1.0.2', IPv6Address: 'fd00::2' }] }, expected: { ipaddr: '10.0.0.2', en2: { ipaddr: '10.1.0.2', ip6addr: 'fd00::2' } } },
  ])('writes $reason', ({ RunConfig, expected }) => {
    expect(added({ RunConfig })).toEqual(expected);
  });

  it('names the image for Radar where there is a key for it', () => {
    expect(environment({ Env: { RADAR_KEY: 'k' } })).toMatchObject({ RADAR_IMAGE_NAME: 'p' });
    expect(environment({ Env: { RADAR_KEY: 'k', RADAR_IMAGE_NAME: 'mine' } })).toMatchObject({ RADAR_IMAGE_NAME: 'mine' });
    expect(environment({})).not.toHaveProperty('RADAR_IMAGE_NAME');
  });
});
