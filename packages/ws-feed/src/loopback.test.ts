import { constants, generateKeyPairSync, sign } from 'node:crypto';
import { ClientOrderId, type Clock, Count, Price, type Ticker, Timestamp } from '@kalshi-mm/core';
import { createLocalExchange, type LocalExchange } from '@kalshi-mm/local-exchange';
import { afterEach, expect, it } from 'vitest';
import { createFeed, type Feed } from './feed.ts';
import { EventLog } from './testing/event-log.ts';

const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const clock: Clock = { now: () => Timestamp.of(Date.now()) };
const wall = { ms: 1_790_000_000_000 };

function signHeaders(): Record<string, string> {
  const stamp = String(wall.ms);
  const signature = sign('sha256', Buffer.from(`${stamp}GET/trade-api/ws/v2`), {
    key: privateKey,
    padding: constants.RSA_PKCS1_PSS_PADDING,
    saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
  });
  return {
    'KALSHI-ACCESS-KEY': 'key-1',
    'KALSHI-ACCESS-TIMESTAMP': stamp,
    'KALSHI-ACCESS-SIGNATURE': signature.toString('base64'),
  };
}

let local: LocalExchange;
let feed: Feed;
let log: EventLog;

async function start(): Promise<Ticker[]> {
  log = new EventLog();
  local = await createLocalExchange({
    world: { kind: 'synthetic', seed: 7 },
    users: [{ userId: 'alice', keyId: 'key-1', publicKey, cashDollars: 1_000 }],
    wallClock: () => wall.ms,
    startImmediately: true,
  });
  feed = createFeed({
    wsUrl: local.wsUrl,
    signHeaders,
    clock,
    sink: log.sink,
    onFrame: () => setImmediate(() => log.check()),
  });
  const markets = local.exchange.markets().filter((market) => market.status === 'active');
  return markets.slice(0, 4).map((market) => market.ticker);
}

afterEach(async () => {
  feed.close();
  await local.close();
});

/** Lets the exchange live for a while, in small turns. */
async function run(turns: number): Promise<void> {
  for (let i = 0; i < turns; i++) {
    wall.ms += 100;
    local.turn();
    await new Promise(setImmediate);
  }
}

function bookOf(ticker: Ticker): Record<string, number> {
  const levels: Record<string, number> = {};
  for (const side of ['bid', 'ask'] as const) {
    local.exchange.book(ticker).forEachLevel(side, (price, count) => {
      levels[`${side} ${price}`] = count;
      return true;
    });
  }
  return levels;
}

function sorted(book: Record<string, number>): string {
  return JSON.stringify(Object.entries(book).sort(([a], [b]) => (a < b ? -1 : 1)));
}

it('follows the books of a local exchange level by level', async () => {
  const tickers = await start();
  expect(tickers.length).toBeGreaterThan(0);
  feed.setMarkets(tickers);
  await feed.start();
  await run(100);
  await log.until(() => tickers.every((ticker) => sorted(log.book(ticker)) === sorted(bookOf(ticker))));
  expect(feed.stats).toMatchObject({ malformed: 0, unknown: 0, gaps: 0, duplicates: 0, crossed: 0 });
  expect(feed.stats.deltas).toBeGreaterThan(100);
  expect(log.of('ticker.changed').length).toBeGreaterThan(0);
});

it('tells the life of own orders', async () => {
  const [ticker] = await start();
  if (ticker === undefined) throw new Error('the synthetic world has no open market');
  feed.setMarkets([ticker]);
  await feed.start();
  await run(5);
  const order = {
    ticker,
    count: Count.of(100),
    selfTradePrevention: 'taker-at-cross',
    postOnly: false,
    reduceOnly: false,
    cancelOnPause: false,
    expirationMs: null,
  } as const;
  const resting = local.exchange.place('alice', {
    ...order,
    side: 'bid',
    price: Price.of(100),
    timeInForce: 'good-till-canceled',
    clientOrderId: ClientOrderId.of('rests'),
  });
  if (!resting.ok) throw new Error(resting.error.code);
  local.exchange.place('alice', {
    ...order,
    side: 'bid',
    price: Price.of(9_900),
    timeInForce: 'immediate-or-cancel',
    clientOrderId: ClientOrderId.of('takes'),
  });
  local.exchange.cancel('alice', resting.value.order.orderId);
  await run(5);
  await log.untilEvent('position.reported');
  await log.untilEvent('order.canceled');
  const accepted = log.of('order.accepted').map((event) => [event.clientOrderId, event.remaining]);
  expect(accepted).toContainEqual(['rests', 100]);
  expect(log.of('order.canceled')).toMatchObject([{ clientOrderId: 'rests', reason: 'requested' }]);
  expect(log.of('order.filled').map((event) => event.fill)).toMatchObject([
    { clientOrderId: 'takes', side: 'bid', count: 100, role: 'taker' },
  ]);
  expect(log.of('position.reported').at(-1)).toMatchObject({ ticker, position: 100 });
  expect(feed.stats.malformed).toBe(0);
});

it('is refused with a key that the exchange does not know', async () => {
  await start();
  feed = createFeed({ wsUrl: local.wsUrl, clock, sink: log.sink });
  await expect(feed.start()).rejects.toMatchObject({ code: 'feed-unauthorized', facts: { status: 401 } });
});
