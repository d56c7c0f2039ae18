import { type Clock, createRandom, Ticker, Timestamp } from '@kalshi-mm/core';
import { afterAll, expect, it } from 'vitest';
import { createFeed } from './feed.ts';
import { EventLog } from './testing/event-log.ts';
import { FeedServer } from './testing/feed-server.ts';

const MARKETS = ['KXCHAOS-A', 'KXCHAOS-B', 'KXCHAOS-C', 'KXCHAOS-D'].map(Ticker.of);
const clock: Clock = { now: () => Timestamp.of(Date.now()) };

let gaps = 0;

/** A single run may lose its frames where nobody sees; all of them together must have had gaps to repair. */
afterAll(() => expect(gaps).toBeGreaterThan(0));

/** The log throws when a change comes before its book or takes a level below zero. */
it.each(Array.from({ length: 12 }, (_, seed) => seed))(
  'books come out right of any disorder, seed %i',
  async (seed) => {
    const random = createRandom(seed);
    const server = await FeedServer.listen();
    const log = new EventLog();
    const feed = createFeed({
      wsUrl: server.url,
      clock,
      sink: log.sink,
      reconnectBaseDelayMs: 2,
      reconnectMaxDelayMs: 10,
      marketsPerConnection: 1 + (seed % MARKETS.length),
      repairSpacingMs: 2,
      repairTimeoutMs: 40,
      commandTimeoutMs: 500,
      random: () => random.next(),
    });
    const placed = new Map<string, number>();
    const change = (ticker: Ticker, tell: 0 | 1 | 2): void => {
      const side = random.next() < 0.5 ? 'yes' : 'no';
      const price = 100 * (1 + random.integer(45));
      const key = `${ticker} ${side} ${price}`;
      const count = placed.get(key) ?? 0;
      const delta = count > 0 && random.next() < 0.5 ? -count : 1 + random.integer(1_000);
      placed.set(key, count + delta);
      server.change(ticker, side, price, delta, tell);
    };
    const pick = (): Ticker => MARKETS[random.integer(MARKETS.length)]!;

    feed.setMarkets(MARKETS);
    await feed.start();
    for (let act = 0; act < 3_000; act++) {
      const dice = random.next();
      if (dice < 0.8) change(pick(), 1);
      else if (dice < 0.86) change(pick(), 0);
      else if (dice < 0.9) change(pick(), 2);
      else if (dice < 0.92) server.raw('{"type":"orderbook_delta","sid":1');
      else if (dice < 0.95) feed.setMarkets(MARKETS.filter(() => random.next() < 0.7));
      else if (dice < 0.96) server.fail('orderbook_delta', 25);
      else if (dice < 0.97) server.drop();
      else if (dice < 0.98) server.ignores = (command) => command.params.action === 'get_snapshot';
      else server.ignores = () => false;
      // Neither a gapped book is taken for right, nor one that nobody keeps any more.
      const right = MARKETS.filter((ticker) => feed.clocks(ticker, 0)?.trusted === true);
      expect(MARKETS.filter((ticker) => log.trusts(ticker) && !right.includes(ticker))).toEqual([]);
      if (random.next() < 0.4) await new Promise(setImmediate);
    }

    server.ignores = () => false;
    feed.setMarkets(MARKETS);
    // A lost last frame shows only at the next one.
    const nudge = setInterval(() => {
      for (const ticker of MARKETS) change(ticker, 1);
      setImmediate(() => log.check());
    }, 20);
    const agree = (): boolean =>
      MARKETS.every(
        (ticker) => JSON.stringify(sorted(log.book(ticker))) === JSON.stringify(sorted(server.book(ticker))),
      );
    await log.until(() => agree() && feed.health(0).untrustedBooks === 0);
    clearInterval(nudge);
    gaps += feed.stats.gaps;
    feed.close();
    await server.close();
  },
);

function sorted(book: Record<string, number>): [string, number][] {
  return Object.entries(book).sort(([a], [b]) => (a < b ? -1 : 1));
}
