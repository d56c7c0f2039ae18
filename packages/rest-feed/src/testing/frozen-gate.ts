import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A way to a server on this machine whose connections can be left half open. */
export interface FrozenGate {
  readonly port: number;
  /** Nothing passes any more over the connections of now, in either direction; they stay open. */
  freeze(): void;
  close(): void;
}

export async function openFrozenGate(toPort: number): Promise<FrozenGate> {
  const ends = new Set<Socket>();
  const server = createServer((socket) => {
    const upstream = connect(toPort, '127.0.0.1');
    for (const end of [socket, upstream]) {
      ends.add(end);
      end.on('error', () => {});
      end.on('close', () => {
        ends.delete(end);
        socket.destroy();
        upstream.destroy();
      });
    }
    socket.pipe(upstream).pipe(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    freeze() {
      for (const end of ends) end.unpipe().pause();
    },
    close() {
      for (const end of ends) end.destroy();
      server.close();
    },
  };
}
