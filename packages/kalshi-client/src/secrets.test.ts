import { generateKeyPairSync } from 'node:crypto';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { Count, MmError } from '@kalshi-mm/core';
import { describe, expect, it } from 'vitest';
import { createOrderGroup } from './endpoints/order-groups.ts';
import { getBalance } from './endpoints/portfolio.ts';
import { createKalshiHttp } from './http.ts';
import { createSigner } from './signer.ts';
import { systemClock } from './testing/commands.ts';

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const signer = createSigner({ keyId: 'the-key-id', privateKeyPem: pem });

/** What a log would have of it, at its most talkative. */
function print(value: unknown): string {
  const all = inspect(value, { depth: 20, showHidden: true, getters: true });
  return `${all} ${JSON.stringify(value)} ${value instanceof Error ? value.stack : ''}`;
}

const troubles: Readonly<Record<string, RequestListener>> = {
  'no answer': () => undefined,
  'a reset': (request) => void request.socket.resetAndDestroy(),
  'a refusal': (_, response) => void response.writeHead(401).end('{"error":{"code":"authentication_error"}}'),
  'a fault': (_, response) => void response.writeHead(500).end('<html>'),
  'an answer that does not fit': (_, response) => void response.end('{"balance":"none"}'),
};

describe('secrets', () => {
  it('are not printed with a signer', () => {
    const printed = print(signer);
    for (const line of pem.split('\n').slice(1, -2)) expect(printed).not.toContain(line);
  });

  it.each(Object.entries(troubles))('are not printed with what is thrown after %s', async (_, trouble) => {
    const server = createServer(trouble);
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const { port } = server.address() as AddressInfo;
    const http = createKalshiHttp({
      restUrl: `http://127.0.0.1:${port}/trade-api/v2`,
      signer,
      clock: systemClock,
      retries: 0,
      readTimeoutMs: 100,
      writeTimeoutMs: 100,
    });
    const thrown = await Promise.all([
      getBalance(http).catch((error: unknown) => error),
      createOrderGroup(http, { contracts_limit_fp: Count.of(100) }).catch((error: unknown) => error),
    ]);
    server.closeAllConnections();
    server.close();
    await http.close();
    for (const error of thrown) {
      expect(error).toBeInstanceOf(MmError);
      for (const secret of ['the-key-id', 'ACCESS-SIGNATURE', 'access-signature', 'PRIVATE KEY']) {
        expect(print(error)).not.toContain(secret);
      }
    }
    expect(print(http)).not.toContain('the-key-id');
  });
});
