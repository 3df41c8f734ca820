import { PackageVmError } from '@package-vm/errors';
import { type Finding, manifestError } from '@package-vm/manifest';
import { resolve } from 'node:path';
import { fromHere, messageFromHere } from './from-here.js';

const finding = (file: string): Finding => ({ code: 'unknown-key', severity: 'error', message: 'There is no key `x`', place: { file, line: 2, column: 3 } });

describe('fromHere', () => {
  it.each([
    { reason: 'below this folder', file: 'a/vm.json', cwd: '/ws', expected: 'a/vm.json' },
    { reason: 'in this folder', file: 'a/vm.json', cwd: '/ws/a', expected: 'vm.json' },
    { reason: 'beside this folder', file: 'a/vm.json', cwd: '/ws/b', expected: '../a/vm.json' },
    { reason: 'named absolutely', file: '/elsewhere/vm.json', cwd: '/ws', expected: '../elsewhere/vm.json' },
    { reason: 'that is this folder', file: 'a', cwd: '/ws/a', expected: '.' },
  ])('names a file $reason', ({ file, cwd, expected }) => {
    expect(fromHere([finding(file)], cwd, (name) => resolve('/ws', name))).toEqual([finding(expected)]);
  });
});

it('the name stays where the path is not known', () => {
  expect(fromHere([finding('a/vm.json')], '/ws/a', () => undefined)).toEqual([finding('a/vm.json')]);
});

it('an error names the file in the same way', () => {
  const findings = [finding('../a/vm.json')];
  expect(messageFromHere(manifestError([finding('a/vm.json')]), findings)).toBe('There is no key `x`, at ../a/vm.json:2:3');
  expect(messageFromHere(new PackageVmError('PVM_CANCELLED', 'Stopped'), findings)).toBe('Stopped');
});
