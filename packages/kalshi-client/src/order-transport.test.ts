import { generateKeyPairSync } from 'node:crypto';
import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createLatencies } from './latencies.ts';
import {
  createOrderTransport,
  type OrderTransport,
  type OrderTransportOptions,
  type TransportAnswer,
} from './order-transport.ts';
import { route } from './route.ts';
import { createSigner } from './signer.ts';
import { systemClock } from './testing/commands.ts';

const signer = createSigner({
  keyId: 'k',
  privateKeyPem: generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey,
});
const create = { method: 'POST', route: route`/portfolio/events/orders`, query: '', body: '{}' } as const;
const cancel = {
  method: 'DELETE',
  route: route`/portfolio/events/orders/${'X1'}`,
  query: '',
  body: null,
} as const;

let server: Server;
let transport: OrderTransport;

async function start(listener: RequestListener, options: Partial<OrderTransportOptions> = {}): Promise<void> {
  server = createServer(listener);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  const restUrl = `http://127.0.0.1:${port}/trade-api/v2`;
  transport = createOrderTransport({ restUrl, signer, clock: systemClock, ...options });
}

afterEach(async () => {
  server.closeAllConnections();
  await transport.close();
  await new Promise<void>((done) => server.close(() => done()));
});

function status(answer: TransportAnswer): unknown {
  return answer.kind === 'answer' ? answer.status : answer;
}

describe('the order transport', () => {
  it('does not count the wait for a connection as part of an attempt', async () => {
    // Together the two take longer than one may.
    await start((_, response) => void setTimeout(() => response.end('{}'), 1_300), {
      connections: 1,
      timeoutMs: 2_000,
    });
    const answers = await Promise.all([transport.send(create, false), transport.send(create, false)]);
    expect(answers.map(status)).toEqual([200, 200]);
  });

  it('gives up an attempt that is not answered', async () => {
    await start(() => undefined, { timeoutMs: 100 });
    expect(await transport.send(create, false)).toEqual({ kind: 'unknown', message: 'timeout' });
  });

  it('lets a cancel through while every connection for orders is taken', async () => {
    const held: ServerResponse[] = [];
    await start(
      (request, response) => {
        if (request.method === 'POST') held.push(response);
        else response.end('{}');
      },
      { connections: 2 },
    );
    const orders = Array.from({ length: 5 }, () => transport.send(create, false));
    expect(status(await transport.send(cancel, true))).toBe(200);
    server.on('request', (_, response) => response.end());
    for (const response of held) response.end('{}');
    expect((await Promise.all(orders)).map(status)).toEqual([200, 200, 200, 200, 200]);
  });

  it('signs each attempt by itself', async () => {
    const signatures: unknown[] = [];
    await start((request, response) => {
      signatures.push(request.headers['kalshi-access-signature']);
      response.end('{}');
    });
    for (let i = 0; i < 5; i++) await transport.send(create, false);
    await Promise.all(Array.from({ length: 20 }, () => transport.send(create, false)));
    expect(new Set(signatures).size).toBe(25);
  });

  it('signs anew, once, when the exchange refuses a signature that lay ready, and keeps none from then on', async () => {
    const stamps: number[] = [];
    let refuses = false;
    await start((request, response) => {
      const stamp = Number(request.headers['kalshi-access-timestamp']);
      stamps.push(stamp);
      // Ready ones are stamped ahead.
      response.statusCode = refuses && stamp > Date.now() + 500 ? 401 : 201;
      response.end('{}');
    });
    const send = async (): Promise<unknown> => status(await transport.send(create, false));
    // The first finds nothing ready; what it sets off is ready when its answer is there, or soon after.
    do expect(await send()).toBe(201);
    while (stamps.at(-1)! < Date.now() + 500);
    refuses = true;
    stamps.length = 0;
    for (let i = 0; i < 8; i++) expect(await send()).toBe(201);
    expect(stamps.length).toBeLessThanOrEqual(9);
  });

  it('takes signatures that lie ready for batches of cancels too', async () => {
    const stamps: number[] = [];
    await start((request, response) => {
      stamps.push(Number(request.headers['kalshi-access-timestamp']) - Date.now());
      response.end('{}');
    });
    const batch = {
      method: 'DELETE',
      route: route`/portfolio/events/orders/batched`,
      query: '',
      body: '{}',
    } as const;
    do await transport.send(batch, true);
    while (stamps.at(-1)! < 500);
    await transport.send(cancel, true);
    expect(stamps.at(-1)).toBeLessThan(500);
  });

  it('shares signatures when told to', async () => {
    const signatures: unknown[] = [];
    await start(
      (request, response) => {
        signatures.push(request.headers['kalshi-access-signature']);
        response.end('{}');
      },
      { shareSignaturesMs: 1_000 },
    );
    while (new Set(signatures).size === signatures.length) await transport.send(create, false);
  });

  it('times what the exchange takes', async () => {
    const latencies = createLatencies();
    await start((_, response) => response.end('{}'), { latencies });
    await transport.send(create, false);
    await transport.send(cancel, true);
    expect([...latencies.read()].map(([endpoint, { count }]) => [endpoint, count])).toEqual([
      ['POST /portfolio/events/orders', 1],
      ['DELETE /portfolio/events/orders/:', 1],
    ]);
  });
});
