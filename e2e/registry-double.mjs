// An npm registry with the packed packages of a folder, which sends everybody on to another for the rest. Prints its port.
//   node e2e/registry-double.mjs <folder> <registry>     packages.json in the folder is what `npm pack --json` printed
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';

const [folder, upstream] = process.argv.slice(2);
const packed = JSON.parse(readFileSync(join(folder, 'packages.json'), 'utf8'));

const server = createServer(({ url, headers }, response) => {
  const path = decodeURIComponent(url.slice(1));
  const tarball = packed.find(({ filename }) => filename === path);
  if (tarball !== undefined) return response.end(readFileSync(join(folder, tarball.filename)));
  const found = packed.find(({ name }) => name === path);
  if (found === undefined) return response.writeHead(302, { location: new URL(url, upstream).href }).end();
  const { name, version, filename, integrity, manifest } = found;
  const dist = { integrity, tarball: `http://${headers.host}/${filename}` };
  return response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ name, 'dist-tags': { latest: version }, versions: { [version]: { ...manifest, dist } } }));
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
