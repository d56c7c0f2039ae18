import { MmError, type Ticker } from '@kalshi-mm/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { MarketFeed } from './market-feed.ts';
import { createRestFeed } from './rest-feed.ts';
import type { RestFeedOptions } from './rest-feed-options.ts';
import { openPollBench, type PollBench } from './testing/poll-bench.ts';

let bench: PollBench;
let feed: MarketFeed;
beforeEach(async () => {
  bench = await openPollBench();
});
afterEach(async () => {
  feed.close();
  await bench.close();
});

function open(options: Partial<RestFeedOptions> = {}): MarketFeed {
  const { kalshi, clock, sink } = bench;
  feed = createRestFeed({
    ...{ reads: kalshi.client, clock, sink },
    ...{ booksEveryMs: 5, marketsEveryMs: 5, spacingMs: 1 },
    ...options,
  });
  return feed;
}

/** A round that began after now has ended. */
async function wholeRound(): Promise<void> {
  const ended = Promise.withResolvers<void>();
  let rounds = 0;
  onRound = () => {
    if (++rounds === 3) ended.resolve();
  };
  await ended.promise;
}
let onRound = (): void => {};
const countRounds = { readAccount: async () => onRound(), accountEveryMs: 0 };

const exchangeBook = (ticker: Ticker) => {
  const levels: Record<'bid' | 'ask', [number, number][]> = { bid: [], ask: [] };
  for (const side of ['bid', 'ask'] as const)
    bench.local.exchange
      .book(ticker)
      .forEachLevel(side, (price, count) => void levels[side].push([price, count]));
  return levels;
};
const toldBook = (ticker: Ticker) => {
  const event = bench.events.findLast((each) => each.type === 'book.replaced' && each.ticker === ticker);
  if (event?.type !== 'book.replaced') return null;
  const pairs = (levels: typeof event.bids) => levels.map(({ price, count }) => [price, count]);
  return { bid: pairs(event.bids), ask: pairs(event.asks) };
};

describe('createRestFeed', () => {
  it('tells the books of a local exchange as they are, and no book twice', async () => {
    open(countRounds).setMarkets(bench.active);
    await feed.start();
    for (let i = 0; i < 5; i++) {
      bench.advance(2_000);
      await wholeRound();
      for (const ticker of bench.active) expect(toldBook(ticker)).toEqual(exchangeBook(ticker));
    }
    const told = bench.events.filter((event) => event.type === 'book.replaced').length;
    await wholeRound();
    expect(bench.events.filter((event) => event.type === 'book.replaced').length).toBe(told);
    expect(feed.health(bench.clock.now())).toMatchObject({ live: true, untrustedBooks: 0 });
  });

  it('tells each trade once, oldest first, by single reads and by reads of all', async () => {
    for (const tickers of [bench.active, bench.active.slice(0, 2)]) {
      bench.events.length = 0;
      const fromMs = bench.clock.now();
      open(countRounds).setMarkets(tickers);
      await feed.start();
      for (let i = 0; i < 10; i++) {
        bench.advance(3_000);
        await wholeRound();
      }
      const expected = tickers.flatMap((ticker) =>
        bench.local.exchange
          .trades(ticker)
          .filter((trade) => trade.atMs > fromMs)
          .map(({ price, count, takerSide, atMs }) => [ticker, price, count, takerSide, atMs].join()),
      );
      const told = bench.events.flatMap((event) =>
        event.type === 'trade.printed'
          ? [[event.ticker, event.price, event.count, event.takerSide, event.exchangeMs].join()]
          : [],
      );
      expect(expected.length).toBeGreaterThan(0);
      expect(told.sort()).toEqual(expected.sort());
      feed.close();
    }
  });

  it('is lost when the reads fail, and tells every book anew when they work again', async () => {
    open().setMarkets(bench.active.slice(0, 3));
    await feed.start();
    const { kalshi, clock, sink } = bench;
    feed.close();
    let broken = false;
    const reads = {
      ...kalshi.client,
      async orderBooks(tickers: readonly Ticker[]) {
        if (broken) throw new MmError('exchange-unreachable', 'no answer', { recovery: 'retry' });
        return kalshi.client.orderBooks(tickers);
      },
    };
    feed = createRestFeed({ reads, clock, sink, booksEveryMs: 5, spacingMs: 1 });
    feed.setMarkets(bench.active.slice(0, 3));
    await feed.start();
    const lost = bench.next((event) => event.type === 'feed.lost');
    broken = true;
    await lost;
    expect(feed.health(clock.now())).toMatchObject({ live: false, untrustedBooks: 3 });
    bench.events.length = 0;
    const restored = bench.next((event) => event.type === 'feed.restored');
    broken = false;
    await restored;
    const types = bench.events.map((event) => event.type);
    expect(types.filter((type) => type === 'book.replaced')).toHaveLength(3);
    expect(types.filter((type) => type === 'feed.lost')).toHaveLength(0);
  });

  it('follows the life of a market to its settlement', async () => {
    const market = bench.local.exchange
      .markets()
      .filter((each) => each.status === 'active')
      .sort((a, b) => a.closeMs - b.closeMs)[0]!;
    open(countRounds).setMarkets([market.ticker]);
    await feed.start();
    await wholeRound();
    const { exchange } = bench.local;
    while (exchange.market(market.ticker)!.status !== 'finalized') {
      bench.advance(60_000);
      await wholeRound();
    }
    await wholeRound();
    const lives = bench.events.filter(
      (event) => event.type === 'market.closed' || event.type === 'market.settled',
    );
    const { result, settlementPrice } = exchange.market(market.ticker)!;
    expect(lives.map((event) => event.type)).toContain('market.closed');
    expect(lives.at(-1)).toMatchObject({ type: 'market.settled', result, settlementPrice });
  });

  it('tells a market as gapped that is not followed any more', async () => {
    const [leaving, ...rest] = bench.active;
    open(countRounds).setMarkets(bench.active);
    await feed.start();
    bench.events.length = 0;
    feed.setMarkets(rest);
    expect(bench.events).toMatchObject([{ type: 'feed.gapped', ticker: leaving }]);
    await wholeRound();
    expect(toldBook(leaving!)).toBeNull();
  });

  it('fails to start when the reads are refused for good', async () => {
    const { kalshi } = bench;
    const refused = new MmError('exchange-refused', 'wrong key', { recovery: 'fix' });
    open({ reads: { ...kalshi.client, orderBooks: () => Promise.reject(refused) } }).setMarkets(bench.active);
    await expect(feed.start()).rejects.toBe(refused);
  });

  it('tells a book again that cannot be right', async () => {
    open().setMarkets(bench.active);
    await feed.start();
    const [ticker] = bench.active;
    const told = bench.next((event) => event.type === 'book.replaced' && event.ticker === ticker);
    feed.requestSnapshot(ticker!);
    expect(bench.events.at(-1)).toMatchObject({ type: 'feed.gapped', ticker });
    await told;
  });
});
