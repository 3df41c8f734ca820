// A cache server after the OpenAPI that Nx publishes for self-hosted caching (nx.dev, "Self-hosted caching"): an archive for each key,
// kept as a file of the folder, so that a test can damage it. Prints its port.
//   node e2e/cache-double.mjs <folder> <token>
// A file `fault` in the folder makes it misbehave: `slow <ms>`, `status <code>`, `cut` (the connection ends in the middle).
import { createWriteStream, existsSync, readFileSync, renameSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { setTimeout as wait } from 'node:timers/promises';

const [folder, token] = process.argv.slice(2);

async function answer(request, response) {
  const key = /^\/v1\/cache\/(\w+)$/.exec(request.url)?.[1];
  if (request.headers.authorization !== `Bearer ${token}`) return response.writeHead(401, { 'content-type': 'text/plain' }).end('Wrong token');
  if (key === undefined) return response.writeHead(404).end();
  const path = join(folder, key);
  const [fault, value] = existsSync(join(folder, 'fault')) ? readFileSync(join(folder, 'fault'), 'utf8').split(' ') : [];
  if (fault === 'status') return response.writeHead(Number(value)).end('Out of order');
  if (fault === 'slow') await wait(Number(value));
  if (request.method === 'PUT') {
    if (existsSync(path)) return response.writeHead(409).end();
    // whole or not at all, as any store of objects has it
    await pipeline(request, createWriteStream(`${path}.part`));
    renameSync(`${path}.part`, path);
    return response.writeHead(200).end();
  }
  if (!existsSync(path)) return response.writeHead(404).end();
  const archive = readFileSync(path);
  response.writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': archive.length });
  if (fault !== 'cut') return response.end(archive);
  return response.write(archive.subarray(0, archive.length / 2), () => response.destroy());
}

const server = createServer((request, response) => {
  answer(request, response).catch(() => response.destroy());
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
