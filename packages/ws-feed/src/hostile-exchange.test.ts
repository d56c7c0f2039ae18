import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import {
  ClientOrderId,
  type Clock,
  Count,
  createRandom,
  type Event,
  Money,
  Price,
  PriceGrid,
  type Random,
  Ticker,
  Timestamp,
} from '@kalshi-mm/core';
import { connectKalshi, createSigner, type KalshiConnection } from '@kalshi-mm/kalshi-client';
import { createLocalExchange, exchangeWorld, type LocalExchange } from '@kalshi-mm/local-exchange';
import { createExchange } from '@kalshi-mm/simulator';
import { aMarket } from '@kalshi-mm/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aCancel, aPlace } from '../../kalshi-client/src/testing/commands.ts';
import { createFeed, type Feed } from './feed.ts';
import { EventLog } from './testing/event-log.ts';

/** More by hand: `SEEDS=2000 vitest run packages/ws-feed/src/hostile-exchange.test.ts`. */
const SEEDS = Number(process.env.SEEDS ?? 200);
const AT_ONCE = 20;
const MARKETS = 3;
const ACTS = 12;
const PATIENCE_MS = 20_000;
const START_MS = 1_790_000_000_000;

/** Of everything that can go wrong, some. */
const FAULTS = {
  ...{ feedDrop: 0.01, feedDuplicate: 0.01, feedReorder: 0.01, feedSkipSeq: 0.01, feedDelay: 0.01 },
  ...{ feedDisconnect: 0.004, feedHalfOpen: 0.002, feedChannelError: 0.004, feedOverflow: 0.004 },
  ...{ feedRepeatFill: 0.2, feedWithhold: 0.2 },
  ...{ restUnavailable: 0.03, restReset: 0.02, restRateLimited: 0.03, restLate: 0.02 },
  ...{ restApplyThenReset: 0.06, restApplyThenUnavailable: 0.04 },
} as const;
const LENGTHS = {
  ...{ feedDelayMs: 40, feedRepeatMs: 30, feedWithholdMs: 40, staleReadsMs: 30 },
  // Longer than an order waits for its answer.
  restLateMs: 400,
};

const clock: Clock = { now: () => Timestamp.of(START_MS + Math.floor(performance.now())) };
const keys: KeyObject[] = [];
let local: LocalExchange;
let tell = { fills: 0, recovered: 0, gaps: 0, orders: 0, unconfirmed: 0 };

const userOf = (seed: number): string => `user-${seed}`;
const tickersOf = (seed: number): Ticker[] =>
  Array.from({ length: MARKETS }, (_, i) => Ticker.of(`KXRUN-${seed}-${i}`));

beforeAll(async () => {
  const exchange = createExchange({ idSeed: 'hostile' });
  exchange.advanceTo(clock.now());
  exchange.addUser('house', Money.fromDollars(10_000_000));
  for (let seed = 0; seed < SEEDS; seed++) {
    for (const ticker of tickersOf(seed)) {
      exchange.listMarket({
        ...aMarket({ ticker, grid: PriceGrid.cent() }),
        status: 'active',
        openMs: Timestamp.of(0),
        closeMs: Timestamp.of(START_MS + 86_400_000),
      });
    }
  }
  local = await createLocalExchange({
    world: { kind: 'custom', world: exchangeWorld(exchange) },
    users: Array.from({ length: SEEDS }, (_, seed) => {
      const { publicKey, privateKey } = generateKeyPairSync('ed25519');
      keys.push(privateKey);
      return { userId: userOf(seed), keyId: `key-${seed}`, publicKey, cashDollars: 10_000 };
    }),
    wallClock: clock.now,
    startImmediately: true,
    tier: 'prestige',
    faults: { seed: 1, ...FAULTS, ...LENGTHS },
  });
});

afterAll(() => local.close());

describe('orders, books and fills over a hostile exchange', () => {
  it(`${SEEDS} runs, ${AT_ONCE} at once: books are the exchange's, fills complete and single, no order unknown`, async () => {
    const seeds = Array.from({ length: SEEDS }, (_, seed) => seed);
    const worker = async (): Promise<void> => {
      for (let seed = seeds.shift(); seed !== undefined; seed = seeds.shift()) await run(seed);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    for (const name of Object.keys(FAULTS) as (keyof typeof FAULTS)[]) {
      expect([name, local.faults.happened(name)]).not.toEqual([name, 0]);
    }
    for (const [name, count] of Object.entries(tell)) expect([name, count]).not.toEqual([name, 0]);
  }, 600_000);
});

async function run(seed: number): Promise<void> {
  const random = createRandom(`hostile/${seed}`);
  const signer = createSigner({ keyId: `key-${seed}`, privateKeyPem: keys[seed]! });
  const orders: Event[] = [];
  const log = new EventLog();
  const kalshi = await persist(() =>
    connectKalshi({
      ...{ restUrl: local.restUrl, signer, clock, sink: (event) => orders.push({ ...event }) },
      execution: {
        ...{ timeoutMs: 250, drainDeadlineMs: PATIENCE_MS, resolvePauseMs: { first: 20, max: 100 } },
        freshness: { marginMs: 20, blindMarginMs: 60_000 },
      },
    }),
  );
  const feed = createFeed({
    ...{ wsUrl: local.wsUrl, clock, sink: log.sink, random: () => random.next() },
    signHeaders: () => signer.headers('GET', '/trade-api/ws/v2', clock.now()),
    marketsPerConnection: 1 + random.integer(MARKETS),
    ...{ reconnectBaseDelayMs: 5, reconnectMaxDelayMs: 40, idleTimeoutMs: 300, pingIntervalMs: 100 },
    ...{ repairSpacingMs: 10, repairTimeoutMs: 150, commandTimeoutMs: 500 },
    ...{ fillReadEveryMs: 200, fetchFills: (sinceMs) => kalshi.client.fills({ sinceMs }) },
  });
  const tickers = tickersOf(seed);
  const book = new Book(seed, kalshi, random);
  feed.setMarkets(tickers);
  await feed.start();
  for (let act = 0; act < ACTS; act++) {
    book.act(tickers[random.integer(MARKETS)]!, orders);
    await pause(random.integer(6));
  }
  await kalshi.execution.drain();
  const untilMs = performance.now() + PATIENCE_MS;
  while (performance.now() < untilMs && !isRight(seed, feed, log)) {
    // A frame that was lost as the last one shows at the next.
    for (const ticker of tickers) placeForHouse(ticker, 'bid', 1, 100);
    await pause(30);
  }
  check(seed, { feed, log, kalshi, orders, sent: book.sent });
  feed.close();
  await kalshi.close();
}

/** What one account and the house do. */
class Book {
  readonly sent: ClientOrderId[] = [];
  readonly #seed: number;
  readonly #kalshi: KalshiConnection;
  readonly #random: Random;

  constructor(seed: number, kalshi: KalshiConnection, random: Random) {
    this.#seed = seed;
    this.#kalshi = kalshi;
    this.#random = random;
  }

  act(ticker: Ticker, orders: readonly Event[]): void {
    const random = this.#random;
    const side = random.next() < 0.5 ? 'bid' : 'ask';
    const rests = side === 'bid' ? 40 + random.integer(9) : 51 + random.integer(9);
    const takes = side === 'bid' ? 55 : 45;
    const dice = random.next();
    if (dice < 0.5) {
      placeForHouse(ticker, side, random.next() < 0.4 ? takes : rests, 100 * (1 + random.integer(5)));
      return;
    }
    const accepted = orders.filter((event) => event.type === 'order.accepted');
    if (dice < 0.65 && accepted.length > 0) {
      const { clientOrderId, orderId, ticker: of } = accepted[random.integer(accepted.length)]!;
      this.#kalshi.execution.send([aCancel({ clientOrderId, orderId, ticker: of })]);
      return;
    }
    const clientOrderId = ClientOrderId.of(`run-${this.#seed}-${this.sent.length}`);
    this.sent.push(clientOrderId);
    const price = Price.of(100 * (random.next() < 0.4 ? takes : rests));
    const count = Count.of(100 * (1 + random.integer(5)));
    this.#kalshi.execution.send([aPlace({ clientOrderId, ticker, side, price, count, postOnly: false })]);
  }
}

interface Outcome {
  readonly feed: Feed;
  readonly log: EventLog;
  readonly kalshi: KalshiConnection;
  readonly orders: readonly Event[];
  readonly sent: readonly ClientOrderId[];
}

function check(seed: number, { feed, log, kalshi, orders, sent }: Outcome): void {
  const why = `seed ${seed} ${JSON.stringify(feed.stats)}`;
  for (const ticker of tickersOf(seed)) expect(log.book(ticker), why).toEqual(bookOf(ticker));
  expect(toldFills(log), why).toEqual(exchangeFills(seed));
  expect(feed.stats, why).toMatchObject({ malformed: 0, unknown: 0, crossed: 0 });
  // Each order was placed once at most, and how it ended is known.
  expect(kalshi.execution.openRequests(), why).toBe(0);
  const placed = new Map(
    local.exchange.orders(userOf(seed)).map((each) => [each.clientOrderId, each.orderId]),
  );
  expect(placed.size, why).toBe(local.exchange.orders(userOf(seed)).length);
  for (const id of sent) {
    const told = orders.flatMap((event) =>
      (event.type === 'order.accepted' || event.type === 'order.rejected') && event.clientOrderId === id
        ? [event.type === 'order.accepted' ? event.orderId : null]
        : [],
    );
    // A cancel whose outcome was looked up may say again that the order rests.
    expect([...new Set(told)], `${why} ${id}`).toEqual([placed.get(id) ?? null]);
  }
  const { fills, recoveredFills, gaps } = feed.stats;
  const unconfirmed = orders.filter((event) => event.type === 'order.unconfirmed').length;
  tell = {
    fills: tell.fills + fills,
    recovered: tell.recovered + recoveredFills,
    gaps: tell.gaps + gaps,
    orders: tell.orders + sent.length,
    unconfirmed: tell.unconfirmed + unconfirmed,
  };
}

function isRight(seed: number, feed: Feed, log: EventLog): boolean {
  return (
    feed.health(clock.now()).untrustedBooks === 0 &&
    toldFills(log).join() === exchangeFills(seed).join() &&
    tickersOf(seed).every((ticker) => sorted(log.book(ticker)) === sorted(bookOf(ticker)))
  );
}

/** A fill that was told twice is in the list twice. */
function toldFills(log: EventLog): string[] {
  return log
    .of('order.filled')
    .map(({ fill }) => `${fill.fillId} ${fill.orderId}`)
    .sort();
}

function exchangeFills(seed: number): string[] {
  return local.exchange
    .fills(userOf(seed))
    .map(({ fillId, orderId }) => `${fillId} ${orderId}`)
    .sort();
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

let housed = 0;
function placeForHouse(ticker: Ticker, side: 'bid' | 'ask', cents: number, count: number): void {
  const placed = local.exchange.place('house', {
    ...{ ticker, side, price: Price.of(100 * cents), count: Count.of(count) },
    clientOrderId: ClientOrderId.of(`house-${housed++}`),
    ...{ timeInForce: 'good-till-canceled', selfTradePrevention: 'maker', expirationMs: null },
    ...{ postOnly: false, reduceOnly: false, cancelOnPause: false },
  });
  if (!placed.ok) throw new Error(placed.error.code);
}

/** Reads are no more reliable here than writes. */
async function persist<T>(act: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await act();
    } catch (error) {
      if (tries === 20) throw error;
    }
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
