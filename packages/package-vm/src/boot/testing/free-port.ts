import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';

/** Uses a port of this machine while it is taken, and gives it back. */
export async function withTakenPort<T>(use: (port: number) => Promise<T>): Promise<T> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    return await use((server.address() as AddressInfo).port);
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
}

/** A port that was free a moment ago. */
export function freePort(): Promise<number> {
  return withTakenPort((port) => Promise.resolve(port));
}
