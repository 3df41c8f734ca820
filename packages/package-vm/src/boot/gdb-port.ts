import { createServer } from 'node:net';
import { PackageVmError, errorCodeOf, errorMessageOf } from '@package-vm/errors';

/** QEMU would take another port, and wait there for ever. @throws PVM_BAD_USAGE */
export function requirePort(port: number): void {
  if (Number.isInteger(port) && port >= 1 && port <= 65_535) return;
  throw new PackageVmError('PVM_BAD_USAGE', `The port for gdb is ${port}, expected 1 to 65535`);
}

/** Asked before anybody is told that gdb is awaited there; who takes the port in the moment after makes QEMU fail. @throws PVM_QEMU_FAILED */
export async function requireFreePort(port: number): Promise<void> {
  const server = createServer();
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen({ host: '127.0.0.1', port, exclusive: true }, resolve);
    });
  } catch (error) {
    const reason = errorCodeOf(error) === 'EADDRINUSE' ? 'is taken' : `cannot be used: ${errorMessageOf(error)}`;
    throw new PackageVmError('PVM_QEMU_FAILED', `The port ${port} for gdb ${reason}`, { hint: 'Name another one with `--gdb <port>`.', cause: error });
  }
  await new Promise((resolve) => server.close(resolve));
}
