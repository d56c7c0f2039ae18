import { type Event, Price, type Ticker, Ticker as Tickers, Timestamp } from '@kalshi-mm/core';
import { createFeed } from '@kalshi-mm/ws-feed';
import { afterEach, describe, expect, it } from 'vitest';
import { createFallbackFeed, type FallbackFeed } from './fallback-feed.ts';
import type { MarketFeed, MarketFeedHealth } from './market-feed.ts';
import { createRestFeed } from './rest-feed.ts';
import { openPollBench } from './testing/poll-bench.ts';

const clock = { now: () => Timestamp.of(Date.now()) };
const types = (events: readonly Event[]) =>
  events.map((event) => (event.type === 'feed.switched' ? `${event.type} ${event.to}` : event.type));

let close: () => unknown = () => undefined;
afterEach(() => close());

describe('over a local exchange', () => {
  it('falls back from a half-open connection and returns, with the right books throughout', async () => {
    const bench = await openPollBench();
    const feed = createFallbackFeed({
      ...{ clock, sink: bench.sink, fallbackAfterMs: 200 },
      webSocket: (sink) =>
        createFeed({
          ...{ wsUrl: bench.local.wsUrl, clock, sink, pingIntervalMs: 50, idleTimeoutMs: 600 },
          signHeaders: () => bench.signer.headers('GET', '/trade-api/ws/v2', bench.wallNow()),
          reconnectBaseDelayMs: 10,
        }),
      polling: (sink) =>
        createRestFeed({ reads: bench.kalshi.client, clock, sink, booksEveryMs: 5, spacingMs: 1 }),
      readTrades: bench.kalshi.client.trades,
    });
    close = async () => {
      feed.close();
      await bench.close();
    };
    const books = bookKeeper(bench.events);
    feed.setMarkets(bench.active);
    await feed.start();
    const polling = bench.next((event) => event.type === 'feed.switched' && event.to === 'polling');
    const restored = bench.next((event) => event.type === 'feed.restored');
    const returned = bench.next((event) => event.type === 'feed.switched' && event.to === 'websocket');
    bench.local.faults.inject('feedHalfOpen');
    bench.advance(5_000);
    await polling;
    await restored;
    expect(feed.source).toBe('polling');
    for (const ticker of bench.active) expect(books(ticker)).toEqual(exchangeBook(bench.local, ticker));
    await returned;
    expect(feed.source).toBe('websocket');
    for (let i = 0; i < 5; i++) {
      bench.advance(1_000);
      // The last frames are on their way.
      await expect
        .poll(() => bench.active.map(books))
        .toEqual(bench.active.map((ticker) => exchangeBook(bench.local, ticker)));
    }
    expect(types(bench.events).filter((type) => type.startsWith('feed.') && type !== 'feed.gapped')).toEqual([
      'feed.lost',
      'feed.switched polling',
      'feed.restored',
      'feed.switched websocket',
    ]);
  });
});

type Levels = Record<'bid' | 'ask', [number, number][]>;

/** The books that a reader of the events has. */
function bookKeeper(events: readonly Event[]): (ticker: Ticker) => Levels {
  return (ticker) => {
    let levels = { bid: new Map<number, number>(), ask: new Map<number, number>() };
    for (const event of events) {
      if (event.type === 'book.replaced' && event.ticker === ticker) {
        const map = (list: typeof event.bids) => new Map(list.map(({ price, count }) => [price, count]));
        levels = { bid: map(event.bids), ask: map(event.asks) };
      } else if (event.type === 'book.changed' && event.ticker === ticker) {
        const side = levels[event.side];
        side.set(event.price, (side.get(event.price) ?? 0) + event.delta);
      }
    }
    const sorted = (side: Map<number, number>): [number, number][] =>
      [...side].filter(([, count]) => count !== 0).sort(([a], [b]) => a - b);
    return { bid: sorted(levels.bid), ask: sorted(levels.ask) };
  };
}

function exchangeBook(local: Awaited<ReturnType<typeof openPollBench>>['local'], ticker: Ticker): Levels {
  const levels: Levels = { bid: [], ask: [] };
  for (const side of ['bid', 'ask'] as const) {
    local.exchange.book(ticker).forEachLevel(side, (price, count) => void levels[side].push([price, count]));
    levels[side].sort(([a], [b]) => a - b);
  }
  return levels;
}

/** A source that tells what the test wants, when it wants. */
class HandFeed implements MarketFeed {
  readonly tell: (event: Event) => void;
  readonly asked: Ticker[] = [];
  readonly started = Promise.withResolvers<void>();
  live = false;
  silentMs = 0;
  closed = false;
  #markets = 0;

  constructor(sink: (event: Event) => void) {
    this.tell = sink;
  }

  start = (): Promise<void> => this.started.promise;
  setMarkets(tickers: readonly Ticker[]): void {
    this.#markets = tickers.length;
  }
  requestSnapshot(ticker: Ticker): void {
    this.asked.push(ticker);
  }
  close(): void {
    this.closed = true;
  }
  health(nowMs: number): MarketFeedHealth {
    const { live, silentMs } = this;
    const age = { lastFrameMs: nowMs - silentMs, silentMs, lagMs: null };
    return { connected: live, live, ...age, untrustedBooks: 0, markets: this.#markets };
  }
}

describe('with sources by hand', () => {
  const [A, B] = [Tickers.of('A'), Tickers.of('B')];
  const atMs = Timestamp.of(1);
  const book = (ticker: Ticker): Event => ({ type: 'book.replaced', ticker, bids: [], asks: [], atMs });
  const change = (ticker: Ticker): Event => ({
    ...{ type: 'book.changed', ticker, side: 'bid', price: Price.of(100), delta: 1, exchangeMs: null, atMs },
  });
  const gapped = (ticker: Ticker | null): Event => ({ type: 'feed.gapped', ticker, atMs });
  const lost: Event = { type: 'feed.lost', reason: 'reset', atMs };
  const restored: Event = { type: 'feed.restored', atMs };

  async function polling(): Promise<{ feed: FallbackFeed; ws: HandFeed; rest: HandFeed; events: Event[] }> {
    const events: Event[] = [];
    let ws!: HandFeed;
    const made = Promise.withResolvers<HandFeed>();
    const feed = createFallbackFeed({
      ...{ clock, sink: (event) => events.push(event), fallbackAfterMs: 1 },
      webSocket: (sink) => {
        ws = new HandFeed(sink);
        return ws;
      },
      polling: (sink) => {
        const rest = new HandFeed(sink);
        made.resolve(rest);
        return rest;
      },
      readTrades: async function* () {},
    });
    close = () => feed.close();
    feed.setMarkets([A, B]);
    const started = feed.start();
    const rest = await made.promise;
    rest.tell(book(A));
    rest.tell(book(B));
    rest.started.resolve();
    await started;
    events.length = 0;
    return { feed, ws, rest, events };
  }

  it('tells each market from one source: from its snapshot on, no older read can come between', async () => {
    const { feed, ws, rest, events } = await polling();
    ws.tell(change(A));
    expect(events).toEqual([]);
    ws.tell(book(A));
    ws.tell(change(A));
    rest.tell(book(A));
    rest.tell(book(B));
    ws.tell(change(B));
    expect(events).toEqual([book(A), change(A), book(B)]);
    ws.tell(restored);
    expect(feed.source).toBe('websocket');
    expect(types(events.slice(3))).toEqual(['feed.switched websocket', 'feed.gapped']);
    expect(events.at(-1)).toMatchObject({ ticker: B });
    expect(rest.closed).toBe(true);
    rest.tell(book(A));
    expect(events).toHaveLength(5);
  });

  it('polls a market again whose snapshot was of no use', async () => {
    const { ws, rest, events } = await polling();
    ws.tell(book(A));
    ws.tell(gapped(A));
    ws.tell(book(B));
    ws.tell(lost);
    expect(rest.asked).toEqual([A, B]);
    rest.tell(book(A));
    expect(events.at(-1)).toEqual(book(A));
    expect(types(events)).not.toContain('feed.lost');
  });

  it('asks a connection that was only silent for its books, and goes back when it has them', async () => {
    const { feed, ws } = await polling();
    const asked = Promise.withResolvers<void>();
    ws.requestSnapshot = (ticker) => {
      ws.asked.push(ticker);
      if (ws.asked.length === 2) asked.resolve();
    };
    ws.live = true;
    await asked.promise;
    expect(ws.asked).toEqual([A, B]);
    ws.tell(book(A));
    ws.tell(book(B));
    const back = Promise.withResolvers<void>();
    const health = ws.health.bind(ws);
    ws.health = (nowMs) => {
      setImmediate(() => feed.source === 'websocket' && back.resolve());
      return health(nowMs);
    };
    await back.promise;
  });

  it('is lost once, though both sources say so, and restored by the one that works', async () => {
    const { ws, rest, events } = await polling();
    rest.tell(lost);
    ws.tell(lost);
    rest.tell(restored);
    rest.tell(lost);
    ws.tell(restored);
    expect(types(events)).toEqual([
      ...['feed.lost', 'feed.restored', 'feed.lost'],
      ...['feed.switched websocket', 'feed.gapped', 'feed.gapped', 'feed.restored'],
    ]);
  });

  it('passes on what concerns the account at any time', async () => {
    const { ws, events } = await polling();
    const closed: Event = { type: 'market.closed', ticker: A, reason: 'paused', atMs };
    ws.tell(closed);
    expect(events).toEqual([closed]);
  });
});
