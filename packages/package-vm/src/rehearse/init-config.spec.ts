import { type InitConfig, encodeInitConfig } from './init-config.js';

const config: InitConfig = {
  reportPath: '/tmp/report', isolation: 'namespaces', parentPid: 12, isReadonlyRoot: true, cpus: 2, memoryMiB: 4096,
  root: '/tmp/root', workspace: '/tmp/ws', share: { mountPoint: '/workspace', isReadonly: false }, cwd: '/', program: '/probe',
  filter: Uint8Array.of(6, 0, 0, 0, 0, 0, 0xff, 0x7f), nanosVersion: '0.1.54', arguments: ['probe', ''], environment: ['A=ö'],
};

/** The fields, with NULs shown as `.`. */
function fields(bytes: Uint8Array): string[] {
  const view = Buffer.from(bytes);
  const found = [];
  for (let at = 0; at < view.length; at += 4 + view.readUInt32LE(at)) found.push(view.toString('utf8', at + 4, at + 4 + view.readUInt32LE(at)).replaceAll('\0', '.'));
  return found;
}

describe('encodeInitConfig', () => {
  it('writes the fields in the order of struct config', () => {
    const all = fields(encodeInitConfig(config));
    expect(all.slice(0, 12)).toEqual(['/tmp/report.', '1.', '12.', '1.', '2.', '4294967296.', '/tmp/root.', '/tmp/ws.', '/workspace.', '0.', '/.', '/probe.']);
    expect(all.slice(15)).toEqual(['2.', 'probe.', '.', '1.', 'A=ö.']);
  });

  it('says where nothing is mounted, and what is not read-only', () => {
    const all = fields(encodeInitConfig({ ...config, isolation: 'weak', isReadonlyRoot: false, share: undefined }));
    expect([all[1], all[3], all[8], all[9]]).toEqual(['0.', '0.', '.', '0.']);
  });

  it('shows the system as Nanos', () => {
    const [utsname = '', sysinfo = ''] = fields(encodeInitConfig(config)).slice(13);
    expect(utsname).toHaveLength(6 * 65);
    expect(utsname.split(/\.+/).filter((text) => text !== '')).toEqual(['Nanos', '5', '0-0', '1', '54', 'x86_64']);
    expect(sysinfo).toHaveLength(112);
  });
});
