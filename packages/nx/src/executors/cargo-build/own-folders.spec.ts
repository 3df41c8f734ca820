import { join } from 'node:path';
import { removeTrees, temporaryTree } from '../../plugin/testing/temporary-tree.js';
import { foldersIn } from './own-folders.js';

afterAll(removeTrees);

describe('foldersIn', () => {
  it.each([
    { reason: 'by itself, at the end', text: 'x/ws/app', found: ['/ws/app'] },
    { reason: 'with a file in it', text: '\0/ws/app/key.bin\0', found: ['/ws/app'] },
    { reason: 'before another text', text: '/ws/app/ws/app', found: ['/ws/app'] },
    { reason: 'behind another that only begins alike', text: '/ws/app-tools /ws/app ', found: ['/ws/app'] },
    { reason: 'only as the start of another’s name', text: '/ws/app2 /ws/app.d /ws/app-x', found: [] },
    { reason: 'not at all', text: '/src/app', found: [] },
  ])('finds a folder that is there $reason', ({ text, found }) => {
    expect(foldersIn(join(temporaryTree({ program: text }), 'program'), ['/ws/app', '/ws/app'])).toEqual(found);
  });
});
