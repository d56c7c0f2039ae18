import { generateKeyPairSync } from 'node:crypto';
import { Count, type Market, PriceGrid } from '@kalshi-mm/core';
import { createLocalExchange, TIERS } from '@kalshi-mm/local-exchange';
import { describe, expect, it } from 'vitest';
import { createKalshiClient } from './client.ts';
import { getExchangeStatus } from './endpoints/exchange.ts';
import { type CreateOrder, cancelOrder, createOrder, createOrders } from './endpoints/orders.ts';
import { createKalshiHttp } from './http.ts';
import { createMarketCatalog } from './market-catalog.ts';
import { createSigner } from './signer.ts';
import { createFakeTime, settle } from './testing/fake-time.ts';
import { createTokenBuckets, type TokenBuckets } from './token-buckets.ts';

const BATCHES = 20;
const CANCELS = 10;

describe('three times what the buckets hold, against the local exchange', () => {
  it.each(TIERS)(
    'at tier %s: no 429, and no cancel waits behind an order',
    async (tier) => {
      const key = generateKeyPairSync('ed25519');
      const publicKey = key.publicKey.export({ type: 'spki', format: 'pem' }).toString();
      // One clock for both sides, which moves only while nothing is under way.
      const time = createFakeTime(1_795_000_000_000);
      const local = await createLocalExchange({
        world: { kind: 'synthetic', seed: 3, startMs: time.clock.now() },
        users: [{ userId: 'mm', keyId: 'key', publicKey, cashDollars: 1_000_000 }],
        tier,
        wallClock: () => time.clock.now(),
      });
      const { restUrl } = local;
      const signer = createSigner({ keyId: 'key', privateKeyPem: key.privateKey });
      const shared = { restUrl, signer, clock: time.clock, retries: 0 };
      const market = await anOpenMarket(createMarketCatalog(createKalshiClient(shared)));
      const setUp = createKalshiClient(shared);
      const limits = await setUp.accountLimits();
      const costs = await setUp.endpointCosts();
      // The set-up was not metered: let the buckets fill again.
      await time.advance(60_000);
      const { buckets, idle } = watched(
        createTokenBuckets({ limits, costs, clock: time.clock, timer: time.timer }),
      );
      const http = createKalshiHttp({ ...shared, buckets });
      const order: CreateOrder = {
        ticker: market.ticker,
        side: 'bid',
        count: Count.ONE,
        price: PriceGrid.ceil(market.grid, 1)!,
        time_in_force: 'good_till_canceled',
        self_trade_prevention_type: 'taker_at_cross',
        exchange_index: market.exchangeIndex,
      };
      try {
        const resting: string[] = [];
        for (let i = 0; i < CANCELS; i++) {
          const placing = createOrder(http, order);
          await time.advance(1_000);
          resting.push((await placing).order_id);
        }
        await time.advance(60_000);

        const size = Math.max(1, Math.floor((3 * limits.write.capacity) / 10 / BATCHES));
        let left = BATCHES;
        const batches = Array.from({ length: BATCHES }, async () => {
          const { orders } = await createOrders(http, Array(size).fill(order));
          left--;
          return orders;
        });
        const reads = Array.from({ length: 25 }, () => getExchangeStatus(http));
        await settle();
        expect(buckets.backpressureMs(market.exchangeIndex)).toBeGreaterThan(0);

        // Time stands still: no token comes back, orders wait, and every cancel gets through. The market has gone on
        // meanwhile, so that an order may be filled already.
        const target = { market_ticker: market.ticker, exchange_index: market.exchangeIndex };
        for (const cancel of await Promise.allSettled(resting.map((id) => cancelOrder(http, id, target)))) {
          if (cancel.status === 'rejected') expect(cancel.reason).toMatchObject({ reason: 'not-found' });
        }
        expect(left).toBeGreaterThan(0);

        while (left > 0) {
          await idle();
          await time.advance(50);
        }
        // A 429 would have been thrown here.
        for (const orders of await Promise.all(batches)) {
          expect(orders.length).toBe(size);
        }
        await Promise.all(reads);
      } finally {
        await http.close();
        await local.close();
      }
    },
    60_000,
  );
});

async function anOpenMarket(catalog: ReturnType<typeof createMarketCatalog>): Promise<Market> {
  for await (const { markets } of catalog.scan({ status: 'open' }))
    if (markets[0] !== undefined) return markets[0];
  throw new Error('no market is open');
}

/** Tells when no request is between its tokens and its answer. */
function watched(buckets: TokenBuckets): { buckets: TokenBuckets; idle(): Promise<void> } {
  let underWay = 0;
  const waiting: (() => void)[] = [];
  const watch = async (asked: ReturnType<TokenBuckets['read']>): ReturnType<TokenBuckets['read']> => {
    const lease = await asked;
    if (lease === null) return null;
    underWay++;
    return () => {
      underWay--;
      lease();
      if (underWay === 0) for (const wake of waiting.splice(0)) wake();
    };
  };
  return {
    buckets: {
      ...buckets,
      read: (method, path) => watch(buckets.read(method, path)),
      write: (request) => watch(buckets.write(request)),
    },
    async idle() {
      await settle();
      while (underWay > 0) await new Promise<void>((wake) => waiting.push(wake));
    },
  };
}
