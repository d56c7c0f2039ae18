import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type ClientOptions, WebSocket, WebSocketServer } from 'ws';
import { Connection } from './connection.ts';

let server: WebSocketServer;
let connection: Connection;
let told: string[];
/** Messages that were read where the socket had put them; those of `ws` come in a buffer of their own. */
let readBeside: number;

beforeEach(async () => {
  server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: true });
  await once(server, 'listening');
  told = [];
  readBeside = 0;
});

afterEach(() => {
  connection.end('over');
  server.close();
});

async function connect(options: ClientOptions = {}): Promise<WebSocket> {
  const { port } = server.address() as AddressInfo;
  const met = once(server, 'connection') as Promise<[WebSocket]>;
  connection = new Connection({
    url: `ws://127.0.0.1:${port}`,
    headers: {},
    idleTimeoutMs: 60_000,
    pingIntervalMs: 60_000,
    handshakeTimeoutMs: 10_000,
    openSocket: (url, given) => new WebSocket(url, { ...given, ...options }),
    onArrival: () => {},
    onFrame: (bytes, start, end) => {
      told.push(bytes.toString('utf8', start, end));
      if (start > 0) readBeside++;
    },
  });
  connection.on('end', ({ reason }) => told.push(`end: ${reason}`));
  const [socket] = await met;
  return socket;
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}

it('reads messages beside ws, which answers pings among them', async () => {
  const socket = await connect();
  const pong = once(socket, 'pong');
  socket.send('one');
  socket.ping('are you there?');
  socket.send('two'.repeat(30_000));
  expect(String((await pong)[0])).toBe('are you there?');
  await until(() => told.length === 2);
  expect(told).toEqual(['one', 'two'.repeat(30_000)]);
  expect(readBeside).toBe(2);
});

it('leaves a message in parts, and all behind it, to ws: nothing is lost or out of order', async () => {
  const socket = await connect();
  socket.send('one');
  socket.send('tw', { fin: false });
  socket.send('o', { fin: true });
  socket.send('three');
  await until(() => told.length === 3);
  socket.send('four');
  await until(() => told.length === 4);
  expect(told).toEqual(['one', 'two', 'three', 'four']);
  expect(readBeside).toBe(1);
});

it('leaves compressed messages to ws', async () => {
  const socket = await connect({ perMessageDeflate: { threshold: 0 } });
  const texts = Array.from({ length: 5 }, (_, i) => `${i}`.repeat(5_000));
  for (const text of texts) socket.send(text);
  await until(() => told.length === 5);
  expect(told).toEqual(texts);
  expect(readBeside).toBe(0);
});

it('tells how the other side closed, once', async () => {
  const socket = await connect();
  socket.send('one');
  socket.close(4_001, 'enough');
  await until(() => told.length === 2);
  expect(told).toEqual(['one', 'end: closed with code 4001 enough']);
});

it('ends over a frame that no server may send', async () => {
  const socket = await connect();
  (socket as unknown as { _socket: NodeJS.WritableStream })._socket.write(
    Buffer.from([0x81, 0x81, 1, 2, 3, 4, 5]),
  );
  await until(() => told.length === 1);
  expect(told[0]).toMatch(/^end: .*MASK/);
});
