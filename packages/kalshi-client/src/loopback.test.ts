import { generateKeyPairSync } from 'node:crypto';
import {
  ClientOrderId,
  Count,
  type Event,
  type Market,
  MmError,
  type OrderId,
  Price,
  PriceGrid,
  Timestamp,
} from '@kalshi-mm/core';
import { createLocalExchange, type LocalExchange } from '@kalshi-mm/local-exchange';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createKalshiClient } from './client.ts';
import { connectKalshi, type KalshiConnection } from './connect.ts';
import { createKalshiHttp } from './http.ts';
import { createMarketCatalog } from './market-catalog.ts';
import { collect } from './pages.ts';
import { recoverAccount } from './recover-account.ts';
import { createSigner, type Signer } from './signer.ts';
import { createAfternoonClock } from './testing/afternoon-clock.ts';
import { aCancel, aDecrease, anAmend, aPlace } from './testing/commands.ts';
import { createEventsLog, type EventsLog } from './testing/events-log.ts';

const clock = createAfternoonClock();
let local: LocalExchange;
let signer: Signer;
/** Of an account that nobody else uses: its buckets are full. */
let burstSigner: Signer;
let log: EventsLog;
let kalshi: KalshiConnection;
let market: Market;
let nextId = 0;

function id(): ClientOrderId {
  return ClientOrderId.of(`loop-${nextId++}`);
}

/** The last event about an order. */
function fate(clientOrderId: ClientOrderId, { events } = log): Event | undefined {
  return events.findLast((event) => 'clientOrderId' in event && event.clientOrderId === clientOrderId);
}

beforeAll(async () => {
  const key = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const publicKey = key.publicKey.export({ type: 'spki', format: 'pem' }).toString();
  local = await createLocalExchange({
    wallClock: clock.now,
    world: { kind: 'synthetic', seed: 7, startMs: clock.now() },
    users: [
      { userId: 'mm', keyId: 'key-mm', publicKey, cashDollars: 10_000 },
      { userId: 'burst', keyId: 'key-burst', publicKey, cashDollars: 10_000 },
    ],
    tier: 'basic',
  });
  signer = createSigner({ keyId: 'key-mm', privateKeyPem: key.privateKey });
  burstSigner = createSigner({ keyId: 'key-burst', privateKeyPem: key.privateKey });
  log = createEventsLog();
  kalshi = await connectKalshi({ restUrl: local.restUrl, signer, clock, sink: log.sink });
  const catalog = createMarketCatalog(kalshi.client);
  for await (const { markets, activity } of catalog.scan({ status: 'open' })) {
    const liquid = activity.find((one) => one.bid > 500 && one.ask < 9_500);
    market ??= markets.find((one) => one.ticker === liquid?.ticker)!;
  }
});

afterAll(async () => {
  await kalshi?.close();
  await local?.close();
});

describe('a round trip on the local exchange', () => {
  let place: ReturnType<typeof aPlace>;
  beforeEach(() => {
    place = aPlace({
      clientOrderId: id(),
      ticker: market.ticker,
      price: PriceGrid.ceil(market.grid, 1)!,
      count: Count.of(300),
      exchangeIndex: market.exchangeIndex,
    });
  });

  async function settled(...commands: Parameters<typeof kalshi.execution.send>[0]): Promise<void> {
    kalshi.execution.send(commands);
    await kalshi.execution.drain();
  }

  function target(orderId: OrderId) {
    const { clientOrderId, ticker, exchangeIndex } = place;
    return { clientOrderId, ticker, exchangeIndex, orderId };
  }

  it('market, book, trades, status', async () => {
    expect((await kalshi.client.exchangeStatus()).tradingActive).toBe(true);
    expect(market).toMatchObject({ status: 'active', result: null });
    const book = await kalshi.client.orderBook(market.ticker);
    expect(book.bids[0]!.price).toBeLessThan(book.asks[0]!.price);
    for await (const page of kalshi.client.trades({ ticker: market.ticker })) {
      for (const trade of page) expect(trade.ticker).toBe(market.ticker);
    }
  });

  it('place, read, amend, decrease, cancel', async () => {
    const expirationMs = Timestamp.of(clock.now() + 60_000);
    await settled({ ...place, expirationMs });
    const accepted = fate(place.clientOrderId);
    if (accepted?.type !== 'order.accepted') throw new Error(`not accepted: ${JSON.stringify(accepted)}`);
    expect(accepted).toMatchObject({ remaining: 300, filled: 0 });
    const { orderId } = accepted;

    expect(await kalshi.client.order(orderId)).toMatchObject({
      clientOrderId: place.clientOrderId,
      ticker: market.ticker,
      side: 'bid',
      status: 'resting',
      price: place.price,
      remaining: 300,
      expirationMs: Math.floor(expirationMs / 1000) * 1000,
      exchangeIndex: market.exchangeIndex,
    });
    const ahead = await kalshi.client.queuePositions([market.ticker]);
    expect(ahead.map((one) => one.orderId)).toContain(orderId);

    const price = PriceGrid.next(market.grid, place.price)!;
    await settled(anAmend({ ...target(orderId), price, totalCount: Count.of(500) }));
    expect(fate(place.clientOrderId)).toMatchObject({ type: 'order.amended', price, remaining: 500 });
    await settled(aDecrease({ ...target(orderId), reduceTo: Count.of(200) }));
    expect(fate(place.clientOrderId)).toMatchObject({ type: 'order.amended', price, remaining: 200 });

    const snapshot = await recoverAccount(kalshi.client, { sinceMs: clock.now() - 1_000 });
    expect(snapshot.orders).toMatchObject([{ orderId, status: 'resting', price, remaining: 200 }]);
    expect(snapshot.balance).toBeGreaterThan(0);

    await settled(aCancel(target(orderId)));
    expect(fate(place.clientOrderId)).toMatchObject({ type: 'order.canceled', reason: 'requested' });
    await settled(aCancel(target(orderId)));
    expect(fate(place.clientOrderId)).toMatchObject({ type: 'order.canceled', filled: 0 });
    expect(await collect(kalshi.client.orders({ status: 'resting' }))).toEqual([]);
  });

  it('take, then fills and position', async () => {
    await settled({
      ...place,
      price: PriceGrid.floor(market.grid, 9_999)!,
      count: Count.of(100),
      timeInForce: 'immediate-or-cancel',
      postOnly: false,
    });
    const accepted = fate(place.clientOrderId);
    if (accepted?.type !== 'order.accepted') throw new Error(`not accepted: ${JSON.stringify(accepted)}`);
    expect(accepted).toMatchObject({ remaining: 0, filled: 100 });
    const fills = await collect(kalshi.client.fills({ orderId: accepted.orderId }));
    expect(fills.reduce((sum, fill) => sum + fill.count, 0)).toBe(100);
    for (const fill of fills) {
      expect(fill).toMatchObject({ ticker: market.ticker, side: 'bid', role: 'taker' });
      expect(fill.fee).toBeGreaterThan(0);
    }
    const positions = await collect(kalshi.client.positions({ ticker: market.ticker }));
    expect(positions).toMatchObject([{ ticker: market.ticker, position: 100 }]);
  });

  it('definite refusals', async () => {
    const others = { ...place, clientOrderId: id() };
    await settled(
      { ...place, price: PriceGrid.floor(market.grid, 9_999)! },
      { ...others, price: Price.of(10_000) },
    );
    expect(fate(place.clientOrderId)).toMatchObject({ type: 'order.rejected', reason: 'post-only-cross' });
    expect(fate(others.clientOrderId)).toMatchObject({ type: 'order.rejected', reason: 'invalid-price' });
  });

  it('an order sent before by another process is found, not doubled', async () => {
    await settled(place);
    const before = fate(place.clientOrderId);
    const other = createEventsLog();
    const restarted = await connectKalshi({
      restUrl: local.restUrl,
      signer,
      clock,
      sink: other.sink,
      execution: { resolvePauseMs: { first: 1, max: 10 } },
    });
    restarted.execution.send([place]);
    await restarted.execution.drain();
    await restarted.close();
    expect(other.types()).toEqual(['order.unconfirmed', 'order.accepted']);
    expect(other.events[1]).toMatchObject({ orderId: (before as { orderId: OrderId }).orderId });
  });
});

describe('the token buckets against those of the exchange', () => {
  it('a burst of reads, orders and cancels meets no 429', async () => {
    const events = createEventsLog();
    const shared = { restUrl: local.restUrl, signer: burstSigner, clock };
    const account = await connectKalshi({ ...shared, sink: events.sink });
    let limited = 0;
    const client = createKalshiClient({
      ...shared,
      buckets: account.buckets,
      async fetch(input, init) {
        const response = await fetch(input, init);
        if (response.status === 429) limited++;
        return response;
      },
    });
    const reads = Array.from({ length: 80 }, () => client.market(market.ticker));
    const places = Array.from({ length: 25 }, () =>
      aPlace({
        clientOrderId: id(),
        ticker: market.ticker,
        price: PriceGrid.ceil(market.grid, 1)!,
        exchangeIndex: market.exchangeIndex,
      }),
    );
    account.execution.send(places);
    expect(account.execution.backpressureMs(market.exchangeIndex)).toBeGreaterThan(0);
    await Promise.all(reads);
    await account.execution.drain();
    const cancels = places.map(({ clientOrderId, ticker, exchangeIndex }) => {
      const accepted = fate(clientOrderId, events);
      if (accepted?.type !== 'order.accepted') throw new Error(`not accepted: ${JSON.stringify(accepted)}`);
      return aCancel({ clientOrderId, ticker, exchangeIndex, orderId: accepted.orderId });
    });
    account.execution.send(cancels);
    await account.execution.drain();
    for (const { clientOrderId } of places) expect(fate(clientOrderId, events)?.type).toBe('order.canceled');
    await account.close();
    expect(limited).toBe(0);
    expect(events.events.filter((event) => 'reason' in event && event.reason === 'rate-limited')).toEqual([]);
  });
});

describe('what is measured on the way', () => {
  it('latencies by endpoint, and the clock of the exchange', async () => {
    await kalshi.http.warmUp(2);
    await kalshi.client.market(market.ticker);
    const latencies = kalshi.http.latencies();
    expect(latencies.get('GET /markets/:')!.count).toBeGreaterThan(0);
    expect(latencies.get('GET /exchange/status')!.count).toBeGreaterThanOrEqual(3);
    const { skewMs, uncertaintyMs } = kalshi.http.clockSkew()!;
    expect(Math.abs(skewMs)).toBeLessThanOrEqual(uncertaintyMs + 1);
  });
});

describe('connectKalshi', () => {
  it('refuses an address without the API path', async () => {
    const options = { signer, clock, sink: log.sink };
    const error = await connectKalshi({ ...options, restUrl: 'https://example.com' }).catch(
      (thrown) => thrown,
    );
    expect(error).toBeInstanceOf(MmError);
    expect(error.code).toBe('rest-url');
  });

  it.each(['nonsense', process.env.NOT_SET!, 'https://example.com'])(
    'nor do the endpoint functions take %s',
    (restUrl) => {
      expect(() => createKalshiHttp({ restUrl, signer, clock })).toThrow(
        /^Not the REST address of an exchange: /,
      );
    },
  );

  it('names the key as the fault when the exchange does not know it', async () => {
    const privateKeyPem = generateKeyPairSync('ed25519').privateKey;
    const stranger = createSigner({ keyId: 'nobody', privateKeyPem });
    const options = { clock, sink: log.sink, restUrl: local.restUrl };
    await expect(connectKalshi({ ...options, signer: stranger })).rejects.toThrow(
      /GET \/account\/limits was refused with HTTP 401.*key id and private key/s,
    );
  });
});
