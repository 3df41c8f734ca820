import { cargoCommand } from './cargo-command.js';

describe('cargoCommand', () => {
  it.each([
    { reason: 'nothing', words: undefined, program: 'cargo', args: ['build'] },
    { reason: 'another cargo', words: ['cargo-nightly'], program: 'cargo-nightly', args: ['build'] },
    { reason: 'cross', words: ['cross'], program: 'cross', args: ['build'] },
    { reason: 'a subcommand', words: ['cargo', 'zigbuild'], program: 'cargo', args: ['zigbuild'] },
    { reason: 'a toolchain', words: ['cargo', '+nightly'], program: 'cargo', args: ['+nightly', 'build'], toolchain: 'nightly' },
    { reason: 'a toolchain and a subcommand', words: ['cargo', '+nightly', 'zigbuild'], program: 'cargo', args: ['+nightly', 'zigbuild'], toolchain: 'nightly' },
    { reason: 'options', words: ['cargo', '-Z', 'build-std', '--config', 'a=1'], program: 'cargo', args: ['-Z', 'build-std', '--config', 'a=1', 'build'] },
    { reason: 'a wrapper script', words: ['../tools/cargo.sh'], program: '/ws/tools/cargo.sh', args: ['build'], file: '/ws/tools/cargo.sh' },
    { reason: 'a wrapper script with an option', words: ['/opt/cargo.sh', '--fast'], program: '/opt/cargo.sh', args: ['--fast', 'build'], file: '/opt/cargo.sh' },
    { reason: 'a program before cargo', words: ['nice', '-n', '5', 'cargo'], program: 'nice', args: ['-n', '5', 'cargo', 'build'] },
  ])('puts $reason in the place of cargo', ({ words, program, args, file, toolchain }) => {
    expect(cargoCommand(words, '/ws/crate')).toMatchObject({ program, args, file, toolchain });
  });

  it('knows what `--config` says in it', () => {
    expect(cargoCommand(['cargo', '--config', 'a=1', '--config=b.toml'], '/').configs).toEqual(['a=1', 'b.toml']);
  });
});
