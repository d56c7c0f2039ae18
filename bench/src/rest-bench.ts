import { generateKeyPairSync } from 'node:crypto';
import { createSigner } from '@kalshi-mm/kalshi-client';
import { Pool } from 'undici';
import { type BenchResult, median } from './measure.ts';
import { startServer } from './server/start-server.ts';

const ROUNDS = 5;
/** Each user has a write bucket of 28,800 tokens and 9,600 a second; an order and its cancel cost 12. */
const USERS = 24;
const PREFIX = '/trade-api/v2';

/** Orders signed, sent, answered and canceled over REST, against a bare `node:http` server under the same client. */
export async function restBench(): Promise<BenchResult[]> {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const keys = Array.from({ length: USERS }, (_, n) => `bench-${n}`);
  const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
  const server = await startServer(
    keys.map((keyId) => ({ keyId, userId: keyId, publicKey: pem, cashDollars: 1_000_000 })),
  );
  const signers = keys.map((keyId) => createSigner({ keyId, privateKeyPem: privateKey }));
  const results: BenchResult[] = [];
  for (const [name, inFlight, pairs] of [
    ['rest', 1, 500],
    ['rest-50', 50, 2_000],
  ] as const) {
    const [local, echo] = [server.restUrl.replace(PREFIX, ''), server.echoUrl].map(
      (url) => new Pool(url, { connections: inFlight }),
    );
    let turn = 0;
    const pair = async (pool: Pool): Promise<void> => {
      const signer = signers[turn++ % USERS]!;
      const call = async (method: 'POST' | 'DELETE', path: string, query: string, body: string | null) => {
        const signed = signer.headers(method, PREFIX + path, Date.now());
        const answer = await pool.request({
          method,
          path: PREFIX + path + query,
          headers: { ...signed, 'content-type': 'application/json' },
          body,
        });
        const text = await answer.body.text();
        if (answer.statusCode > 201) throw new Error(`${answer.statusCode} ${text}`);
        return (JSON.parse(text) as { order_id: string }).order_id;
      };
      const order = JSON.stringify({ ...ORDER, ticker: server.ticker });
      const orderId = await call('POST', '/portfolio/events/orders', '', order);
      const query = `?market_ticker=${server.ticker}`;
      await call('DELETE', `/portfolio/events/orders/${orderId}`, query, null);
    };
    const run = async (pool: Pool): Promise<number> => {
      const startMs = performance.now();
      let left = pairs;
      const worker = async (): Promise<void> => {
        while (left-- > 0) await pair(pool);
      };
      await Promise.all(Array.from({ length: inFlight }, worker));
      return performance.now() - startMs;
    };
    const ours: number[] = [];
    const bare: number[] = [];
    for (let round = 0; round <= ROUNDS; round++) {
      const [a, b] = [await run(local!), await run(echo!)];
      // The first round warms up.
      if (round > 0) {
        ours.push(a);
        bare.push(b);
      }
    }
    await Promise.all([local!.close(), echo!.close()]);
    const ratio = median(ours.map((ms, i) => ms / bare[i]!));
    results.push({
      name,
      value: Math.round((2 * pairs) / (median(ours) / 1_000)),
      unit: 'signed requests/s',
      reference: Math.round((2 * pairs) / (median(bare) / 1_000)),
      ratio,
      goal: `at most 2× the time of a bare node:http server, ${inFlight} in flight`,
      holds: ratio <= 2,
    });
  }
  await server.stop();
  return results;
}

const ORDER = {
  side: 'bid',
  price: '0.0100',
  count: '1.00',
  time_in_force: 'good_till_canceled',
  self_trade_prevention_type: 'taker_at_cross',
  post_only: true,
};
