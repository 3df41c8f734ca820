import { requireMemory } from './vm-resources.js';

it('requireMemory minds what there is, to the byte', () => {
  expect(() => { requireMemory({ memoryMiB: 2048 }, 2048 * 1024 * 1024 - 1); }).toThrow(expect.objectContaining({ code: 'PVM_NOT_ENOUGH_MEMORY' }) as Error);
  expect(() => { requireMemory({ memoryMiB: 2048 }, 2048 * 1024 * 1024); }).not.toThrow();
});
