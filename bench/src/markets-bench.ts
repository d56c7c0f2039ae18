import { type BookChanged, createRandom, Price, Ticker, Timestamp } from '@kalshi-mm/core';
import { MarketStates } from '@kalshi-mm/market-state';
import { aMarket } from '@kalshi-mm/testing';
import { type BenchResult, compare } from './measure.ts';

const EVENTS = 1_000_000;
const MARKETS = 1_000;

/** The same deltas folded into a thousand markets and into one: what a delta costs must not depend on it. */
export function marketsBench(): BenchResult[] {
  const many = prepare(MARKETS);
  const one = prepare(1);
  const { ratio, oursMs, referenceMs } = compare({ run: many }, { run: one });
  return [
    {
      name: 'markets-1000',
      value: Math.round(EVENTS / (oursMs / 1_000)),
      unit: 'deltas/s',
      reference: Math.round(EVENTS / (referenceMs / 1_000)),
      ratio,
      goal: `at most ${LIMIT}× the time per delta of one market (cache misses included)`,
      holds: ratio <= LIMIT,
    },
  ];
}

const LIMIT = 3;
/** Deltas of one market in a row, as a feed delivers them. */
const RUN = 8;

function prepare(markets: number): () => number {
  const states = new MarketStates();
  const tickers = Array.from({ length: markets }, (_, i) => Ticker.of(`KXBENCH-${i}`));
  for (const ticker of tickers) {
    const level = (price: number) => ({ price: Price.of(price), count: 1_000_000 as never });
    states.list(aMarket({ ticker }));
    const [bids, asks] = [[level(4_900)], [level(5_100)]];
    states.absorb({ type: 'book.replaced', ticker, bids, asks, atMs: Timestamp.of(0) });
  }
  const random = createRandom('markets');
  const order = Int32Array.from({ length: EVENTS / RUN }, () => random.integer(markets));
  const event = {
    ...{ type: 'book.changed', ticker: tickers[0]!, side: 'bid', price: Price.of(4_900), delta: 100 },
    ...{ exchangeMs: null, atMs: Timestamp.of(1) },
  } as { -readonly [K in keyof BookChanged]: BookChanged[K] };
  return () => {
    let moved = 0;
    for (let i = 0; i < order.length; i++) {
      event.ticker = tickers[order[i]!]!;
      for (let j = 0; j < RUN; j++) {
        // Up and down again, at the touch and beside it: the book ends as it began.
        event.price = (4_900 - 100 * (j >> 2)) as Price;
        event.delta = j % 2 === 0 ? 100 : -100;
        if (states.changeBook(event)) moved++;
      }
    }
    return moved;
  };
}
