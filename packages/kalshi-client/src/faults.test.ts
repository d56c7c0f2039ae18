import { generateKeyPairSync } from 'node:crypto';
import { ClientOrderId, Count, type OrderId, PriceGrid } from '@kalshi-mm/core';
import { createLocalExchange } from '@kalshi-mm/local-exchange';
import { expect, it } from 'vitest';
import { connectKalshi } from './connect.ts';
import { createMarketCatalog } from './market-catalog.ts';
import { collect } from './pages.ts';
import { createSigner } from './signer.ts';
import { createAfternoonClock } from './testing/afternoon-clock.ts';
import { aCancel, aPlace } from './testing/commands.ts';
import { createEventsLog } from './testing/events-log.ts';

const clock = createAfternoonClock();
const ORDERS = 200;
const POST = 'POST /portfolio/events/orders';

it('200 orders over a hostile exchange: each one known in the end, none placed twice', async () => {
  const key = generateKeyPairSync('ed25519');
  const publicKey = key.publicKey.export({ type: 'spki', format: 'pem' }).toString();
  const local = await createLocalExchange({
    wallClock: clock.now,
    world: { kind: 'synthetic', seed: 7, startMs: clock.now() },
    users: [{ userId: 'mm', keyId: 'key-mm', publicKey, cashDollars: 10_000 }],
    tier: 'prestige',
    faults: {
      seed: 11,
      restUnavailable: 0.05,
      restReset: 0.05,
      restApplyThenReset: 0.12,
      restApplyThenUnavailable: 0.08,
      restEmptyBody: 0.05,
      staleReadsMs: 100,
      // Five for certain, whatever the draws say.
      script: [{ fault: 'restApplyThenReset', times: 5, match: POST }],
    },
  });
  const log = createEventsLog();
  const signer = createSigner({ keyId: 'key-mm', privateKeyPem: key.privateKey });
  const kalshi = await persist(() =>
    connectKalshi({
      restUrl: local.restUrl,
      signer,
      clock,
      sink: log.sink,
      execution: {
        timeoutMs: 15_000,
        drainDeadlineMs: 60_000,
        resolvePauseMs: { first: 20, max: 200 },
        freshness: { marginMs: 20, blindMarginMs: 60_000 },
      },
    }),
  );
  try {
    const market = await persist(async () => {
      for await (const { markets } of createMarketCatalog(kalshi.client).scan({ status: 'open' })) {
        return markets[0]!;
      }
      throw new Error('no market is open');
    });
    const ids = Array.from({ length: ORDERS }, (_, index) => ClientOrderId.of(`hostile-${index}`));
    const target = { ticker: market.ticker, exchangeIndex: market.exchangeIndex };
    const price = PriceGrid.ceil(market.grid, 1)!;
    kalshi.execution.send(
      ids.map((clientOrderId) => aPlace({ ...target, clientOrderId, price, count: Count.of(100) })),
    );
    await kalshi.execution.drain();

    const placed = local.exchange.orders('mm');
    const names = placed.map((order) => order.clientOrderId);
    expect(new Set(names).size).toBe(names.length);
    const told = (id: ClientOrderId) =>
      log.events.flatMap((event) =>
        (event.type === 'order.accepted' || event.type === 'order.rejected') && event.clientOrderId === id
          ? [event]
          : [],
      );
    expect(kalshi.execution.openRequests()).toBe(0);
    for (const id of ids) {
      const order = placed.find((one) => one.clientOrderId === id);
      expect(told(id)).toEqual([
        expect.objectContaining(
          order === undefined
            ? { type: 'order.rejected' }
            : { type: 'order.accepted', orderId: order.orderId },
        ),
      ]);
    }
    // The faults were really there, and both endings happened.
    expect(log.events.filter((event) => event.type === 'order.unconfirmed').length).toBeGreaterThan(30);
    expect(placed.length).toBeGreaterThan(150);
    expect(placed.length).toBeLessThan(ORDERS);
    for (const fault of ['restApplyThenReset', 'restApplyThenUnavailable', 'restUnavailable'] as const) {
      expect([fault, local.faults.happened(fault)]).toEqual([fault, expect.toSatisfy((n: number) => n > 5)]);
    }

    // Some that trade: every fill is read, and read once.
    const takes = Array.from({ length: 20 }, (_, index) => ClientOrderId.of(`hostile-take-${index}`));
    kalshi.execution.send(
      takes.map((clientOrderId) =>
        aPlace({
          ...target,
          clientOrderId,
          price: PriceGrid.floor(market.grid, 9_999)!,
          count: Count.of(100),
          timeInForce: 'immediate-or-cancel',
          postOnly: false,
          purpose: 'take',
        }),
      ),
    );
    await kalshi.execution.drain();
    const endedMs = clock.now();
    while ((await persist(() => kalshi.client.userDataTimestamp())) <= endedMs);
    const fills = await persist(() => collect(kalshi.client.fills()));
    const filled = local.exchange.fills('mm');
    expect(filled.length).toBeGreaterThan(0);
    expect(fills.map((fill) => fill.fillId).sort()).toEqual(filled.map((fill) => fill.fillId).sort());

    kalshi.execution.send(
      placed.map(({ clientOrderId, orderId }) =>
        aCancel({ ...target, clientOrderId, orderId: orderId as OrderId }),
      ),
    );
    await kalshi.execution.drain();
    expect(kalshi.execution.openRequests()).toBe(0);
    expect(local.exchange.orders('mm').filter((order) => order.status === 'resting')).toEqual([]);
  } finally {
    await kalshi.close();
    await local.close();
  }
}, 120_000);

/** Reads are no more reliable here than writes; a person would just try again. */
async function persist<T>(act: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await act();
    } catch (error) {
      if (tries === 20) throw error;
    }
  }
}
