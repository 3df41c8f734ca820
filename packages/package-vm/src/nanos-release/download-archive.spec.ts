import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { downloadArchive } from './download-archive.js';
import { ReleaseServer } from './testing/release-server.js';

describe('downloadArchive', () => {
  it.each([
    { reason: 'never answers', answer: () => undefined },
    { reason: 'falls silent', answer: (_: unknown, response: { write(text: string): unknown }) => response.write('x') },
  ])('gives up on a server that $reason', async ({ answer }) => {
    const folder = mkdtempSync(join(tmpdir(), 'download-archive-'));
    const server = await ReleaseServer.start({ '0.1.54': answer });
    const call = downloadArchive({ version: '0.1.54', url: new URL(server.urlOf('0.1.54')), target: join(folder, 'a'), stallTimeoutMs: 100 });
    await expect(call).rejects.toMatchObject({ code: 'PVM_DOWNLOAD_FAILED', message: expect.stringContaining('the server was silent for 0.1 s') as unknown });
    await server.stop();
    rmSync(folder, { recursive: true });
  });
});
