import type { Server } from 'node:http';
import { MmError } from '@kalshi-mm/core';

/** Waits until the server listens. @throws MmError `port-in-use`, `no-port` */
export function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const taken = cause.code === 'EADDRINUSE';
      reject(
        new MmError(
          taken ? 'port-in-use' : 'no-port',
          taken ? `Port ${port} is in use` : `Cannot listen on ${host}:${port}: ${cause.message}`,
          { todo: 'Name another port, or none to take any free one.', cause },
        ),
      );
    });
    server.listen(port, host, resolve);
  });
}
