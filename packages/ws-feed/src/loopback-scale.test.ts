import { constants, generateKeyPairSync, sign } from 'node:crypto';
import {
  type ClientOrderId,
  type Clock,
  Count,
  createRandom,
  Money,
  Price,
  PriceGrid,
  type Random,
  Ticker,
  Timestamp,
} from '@kalshi-mm/core';
import { createLocalExchange, exchangeWorld, type LocalExchange } from '@kalshi-mm/local-exchange';
import { createExchange } from '@kalshi-mm/simulator';
import { aMarket } from '@kalshi-mm/testing';
import { afterEach, expect, it } from 'vitest';
import { COIN_START_MS, coinWorld } from '../../local-exchange/src/testing/coin-world.ts';
import { createFeed, type Feed } from './feed.ts';
import type { FeedNotice, FeedOptions } from './feed-options.ts';
import { EventLog } from './testing/event-log.ts';

const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const START_MS = 1_790_000_000_000;
const wall = { ms: START_MS };

let local: LocalExchange;
let feed: Feed;
let log: EventLog;
const notices: FeedNotice[] = [];

afterEach(async () => {
  feed.close();
  await local.close();
  notices.length = 0;
});

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

async function listen(world: ReturnType<typeof exchangeWorld>): Promise<void> {
  wall.ms = START_MS;
  local = await createLocalExchange({
    world: { kind: 'custom', world },
    users: [{ userId: 'me', keyId: 'key-1', publicKey, cashDollars: 1_000_000 }],
    wallClock: () => wall.ms,
    startImmediately: true,
  });
  log = new EventLog();
}

function follow(options: Partial<FeedOptions> = {}): void {
  const clock: Clock = { now: () => Timestamp.of(local.exchange.nowMs) };
  feed = createFeed({
    wsUrl: local.wsUrl,
    signHeaders,
    clock,
    sink: log.sink,
    reconnectBaseDelayMs: 5,
    reconnectMaxDelayMs: 20,
    repairSpacingMs: 5,
    repairTimeoutMs: 100,
    idleTimeoutMs: 200,
    onFrame: () => setImmediate(() => log.check()),
    onNotice: (notice) => {
      notices.push(notice);
      log.check();
    },
    ...options,
  });
}

/** An exchange with `count` markets and nobody in them. */
async function listenWith(count: number): Promise<Ticker[]> {
  const exchange = createExchange({ idSeed: 'loopback' });
  exchange.advanceTo(Timestamp.of(START_MS));
  exchange.addUser('house', Money.fromDollars(1_000_000));
  const tickers = Array.from({ length: count }, (_, i) => Ticker.of(`KXMANY-${i}`));
  for (const ticker of tickers) {
    exchange.listMarket({
      ...aMarket({ ticker, grid: PriceGrid.cent() }),
      status: 'active',
      openMs: Timestamp.of(0),
      closeMs: Timestamp.of(START_MS + 86_400_000),
    });
  }
  await listen(exchangeWorld(exchange));
  return tickers;
}

let orders = 0;
function place(user: string, ticker: Ticker, side: 'bid' | 'ask', cents: number, count: number): void {
  const placed = local.exchange.place(user, {
    ticker,
    side,
    price: Price.of(100 * cents),
    count: Count.of(count),
    clientOrderId: `order-${orders++}` as ClientOrderId,
    timeInForce: 'good-till-canceled',
    selfTradePrevention: 'maker',
    postOnly: false,
    reduceOnly: false,
    cancelOnPause: false,
    expirationMs: null,
  });
  if (!placed.ok) throw new Error(placed.error.code);
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

async function turn(): Promise<void> {
  wall.ms += 20;
  local.turn();
  await new Promise(setImmediate);
}

function act(tickers: readonly Ticker[], random: Random): void {
  const ticker = tickers[random.integer(tickers.length)]!;
  const bid = random.next() < 0.5;
  const cents = random.next() < 0.3 ? (bid ? 55 : 45) : bid ? 40 + random.integer(9) : 51 + random.integer(9);
  place(random.next() < 0.5 ? 'me' : 'house', ticker, bid ? 'bid' : 'ask', cents, 100 + random.integer(500));
}

it('follows 1,000 markets over five connections', async () => {
  const tickers = await listenWith(1_000);
  for (const ticker of tickers) place('house', ticker, 'bid', 40, 300);
  follow({ channels: ['orderbook_delta', 'trades'], idleTimeoutMs: 30_000, repairTimeoutMs: 5_000 });
  feed.setMarkets(tickers);
  await feed.start();
  await log.untilEvent('book.replaced', 1_000);
  expect(feed.health(0)).toMatchObject({ connections: 5, markets: 1_000, untrustedBooks: 0, live: true });
  const random = createRandom('many');
  for (let i = 0; i < 50; i++) {
    for (let n = 0; n < 40; n++) act(tickers, random);
    await turn();
  }
  const agree = (): boolean => tickers.every((ticker) => sorted(log.book(ticker)) === sorted(bookOf(ticker)));
  while (!agree()) await turn();
  expect(feed.stats).toMatchObject({ gaps: 0, dropped: 0, resubscriptions: 0 });
  // Half of them leave; their connections go with them.
  feed.setMarkets(tickers.slice(0, 400));
  expect(feed.health(0)).toMatchObject({ connections: 2, markets: 400 });
});

it('tells reference prices, and lists which there are', async () => {
  await listen(coinWorld());
  follow({
    channels: ['index_prices', 'index_prices_5hz', 'underlying_prices'],
    prices: { index_prices: ['BRTI'] },
  });
  await feed.start();
  expect(await feed.listPrices('index_prices')).toEqual(['BRTI', 'DOGEUSD_RTI', 'ADAUSD_RTI']);
  expect(await feed.listPrices('underlying_prices')).toContain('Crypto.BTC/USD');
  const [listing] = await feed.listSubscriptions();
  expect(listing?.map(({ channel }) => channel)).toEqual([
    'cfbenchmarks_value',
    'cfbenchmarks_value_5hz',
    'pyth_value',
  ]);
  feed.setPrices('index_prices', ['DOGEUSD_RTI']);
  feed.setPrices('index_prices_5hz', ['BRTI']);
  feed.setPrices('underlying_prices', ['Crypto.BTC/USD']);
  // Commands are carried out in order: this answer comes after them.
  await feed.listSubscriptions();
  local.exchange.advanceTo(Timestamp.of(COIN_START_MS + 4 * 60_000 + 20_000));
  await log.until(() => notices.some((notice) => notice.type === 'pyth_value'));
  await feed.listSubscriptions();
  const names = (type: FeedNotice['type']): Set<string> =>
    new Set(notices.flatMap((notice) => (notice.type === type && 'name' in notice ? [notice.name] : [])));
  expect(names('cfbenchmarks_value')).toEqual(new Set(['DOGEUSD_RTI']));
  expect(names('cfbenchmarks_value_5hz')).toEqual(new Set(['BRTI']));
  expect(names('pyth_value')).toEqual(new Set(['Crypto.BTC/USD']));
  const last = notices.findLast((notice) => notice.type === 'cfbenchmarks_value');
  expect(last).toMatchObject({
    sourceMs: COIN_START_MS + 4 * 60_000 + 20_000,
    average60s: { size: 60 },
    settlementAverage: { size: 20 },
  });
  expect(feed.stats).toMatchObject({ malformed: 0, unknown: 0, gaps: 0 });
});
