import { generateKeyPairSync } from 'node:crypto';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { MmError } from '@kalshi-mm/core';
import { afterEach, describe, expect, it } from 'vitest';
import { createKalshiClient, type KalshiClient } from './client.ts';
import { ExchangeRequestError } from './exchange-error.ts';
import { collect } from './pages.ts';
import { createSigner } from './signer.ts';
import { systemClock } from './testing/commands.ts';

const signer = createSigner({ keyId: 'k', privateKeyPem: generateKeyPairSync('ed25519').privateKey });
const asOf = { as_of_time: '2026-11-20T00:00:00Z' };

let server: Server | null = null;

async function serve(listener: RequestListener, retries = 3): Promise<KalshiClient> {
  server = createServer(listener);
  await new Promise<void>((done) => server?.listen(0, '127.0.0.1', done));
  return createKalshiClient({ restUrl: `${origin()}/trade-api/v2`, signer, clock: systemClock, retries });
}

function origin(): string {
  const address = server?.address() as AddressInfo;
  return `http://127.0.0.1:${address.port}`;
}

async function stop(): Promise<void> {
  server?.closeAllConnections();
  await new Promise<void>((done) => (server === null ? done() : server.close(() => done())));
  server = null;
}

afterEach(stop);

describe('reads', () => {
  it.each([429, 500, 503])('are repeated after HTTP %i, each time with a new signature', async (status) => {
    const signatures: unknown[] = [];
    const client = await serve((request, response) => {
      signatures.push(request.headers['kalshi-access-signature']);
      if (signatures.length < 3) response.writeHead(status).end('<html></html>');
      else response.end(JSON.stringify(asOf));
    });
    expect(await client.userDataTimestamp()).toBe(Date.parse(asOf.as_of_time));
    expect(signatures.length).toBe(3);
    expect(signatures.every((signature) => typeof signature === 'string')).toBe(true);
  });

  it('show their headers', async () => {
    const dates: unknown[] = [];
    await serve((_, response) => response.end(JSON.stringify(asOf)));
    const client = createKalshiClient({
      restUrl: `${origin()}/trade-api/v2/`,
      signer,
      clock: systemClock,
      onResponse: (headers) => dates.push(headers.get('date')),
    });
    await client.userDataTimestamp();
    expect(dates).toEqual([expect.stringMatching(/GMT$/)]);
  });

  it('are repeated after a reset', async () => {
    let requests = 0;
    const client = await serve((request, response) => {
      if (++requests === 1) request.socket.resetAndDestroy();
      else response.end(JSON.stringify(asOf));
    });
    await client.userDataTimestamp();
    expect(requests).toBe(2);
  });

  it('are not repeated after a refusal, which names its reason', async () => {
    let requests = 0;
    const client = await serve((_, response) => {
      requests++;
      response.writeHead(401, { 'content-type': 'application/json' });
      response.end('{"error":{"code":"authentication_error","details":"INCORRECT_API_KEY_SIGNATURE"}}');
    });
    const error = await client.balance().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ExchangeRequestError);
    expect((error as ExchangeRequestError).exchange).toMatchObject({
      status: 401,
      code: 'authentication_error',
      details: 'INCORRECT_API_KEY_SIGNATURE',
    });
    expect(requests).toBe(1);
  });

  it('fail with address and advice when nobody answers', async () => {
    const client = await serve(() => undefined, 0);
    const address = origin();
    await stop();
    const error = await client.exchangeStatus().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(MmError);
    expect((error as MmError).code).toBe('exchange-unreachable');
    expect((error as MmError).message).toContain(`no answer from ${address} (ECONNREFUSED)`);
    expect((error as MmError).recovery).toBe('retry');
  });

  it('fail on an answer that is not JSON', async () => {
    const client = await serve((_, response) => response.end('<html>'));
    await expect(client.userDataTimestamp()).rejects.toThrow(
      'GET /exchange/user_data_timestamp: (body): expected JSON',
    );
  });
});

describe('paged reads', () => {
  it('walk all pages with the same filters', async () => {
    const urls: string[] = [];
    const client = await serve((request, response) => {
      urls.push(request.url ?? '');
      const isLast = request.url?.includes('cursor=two') === true;
      response.end(JSON.stringify({ fills: [], cursor: isLast ? '' : urls.length === 1 ? 'one' : 'two' }));
    });
    expect(await collect(client.fills({ sinceMs: 1_500 }))).toEqual([]);
    expect(urls).toEqual([
      '/trade-api/v2/portfolio/fills?limit=1000&min_ts=1',
      '/trade-api/v2/portfolio/fills?limit=1000&cursor=one&min_ts=1',
      '/trade-api/v2/portfolio/fills?limit=1000&cursor=two&min_ts=1',
    ]);
  });

  it('end with an error when the cursor goes round in a circle', async () => {
    const client = await serve((_, response) => response.end('{"orders":[],"cursor":"again"}'));
    await expect(collect(client.orders())).rejects.toThrow(/same cursor came twice/);
  });
});
