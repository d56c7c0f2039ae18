import { Count, Price, PriceGrid, type Side } from '@kalshi-mm/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  bestOfOthers,
  bookDepth,
  depthWithin,
  imbalance,
  microprice,
  noBook,
  OrderBook,
  type OwnResting,
  sweep,
  withoutOwn,
} from './index.ts';

const level = (price: number, contracts: number) => ({
  price: Price.of(price),
  count: Count.of(contracts * 100),
});

function bookOf(bids: [number, number][], asks: [number, number][]): OrderBook {
  const book = new OrderBook(PriceGrid.cent());
  book.replace(
    bids.map(([price, count]) => level(price, count)),
    asks.map(([price, count]) => level(price, count)),
  );
  return book;
}

const book = bookOf([[4_700, 30], [4_600, 50], [4_400, 100]], [[5_000, 10], [5_200, 40]]); // biome-ignore format: table
const empty = bookOf([], []);

describe('measures of a book', () => {
  it('microprice leans to the thinner side', () => {
    expect(microprice(book)).toBe((4_700 * 10 + 5_000 * 30) / 40);
    expect(microprice(empty)).toBeNull();
  });

  it('imbalance is between −1 and 1', () => {
    expect(imbalance(book, 1)).toBe(0.5);
    expect(imbalance(book, 2)).toBeCloseTo(30 / 130);
    expect(imbalance(bookOf([[4_000, 1]], []), 3)).toBe(1);
    expect(imbalance(empty, 3)).toBeNull();
  });

  it('depth by levels and by distance', () => {
    expect(bookDepth(book, 'bid', 2)).toEqual({ levels: 2, contracts: 80 });
    expect(depthWithin(book, 'bid', 0)).toBe(3_000);
    expect(depthWithin(book, 'bid', 300)).toBe(18_000);
    expect(depthWithin(book, 'ask', 199)).toBe(1_000);
    expect(depthWithin(empty, 'ask', 10_000)).toBe(0);
  });

  it('sweep fills from the best price on, and says what it could not', () => {
    expect(sweep(book, 'bid', Count.of(2_000))).toEqual({
      filled: 2_000,
      notional: 5_000 * 1_000 + 5_200 * 1_000,
      worst: 5_200,
      average: 5_100,
    });
    expect(sweep(book, 'bid', Count.of(9_900)).filled).toBe(5_000);
    expect(sweep(empty, 'ask', Count.ONE)).toEqual({ filled: 0, notional: 0, worst: null, average: null });
  });
});

const anyBook = fc
  .record({
    bids: fc.uniqueArray(fc.tuple(fc.integer({ min: 1, max: 49 }), fc.integer({ min: 1, max: 90 })), {
      selector: ([price]) => price,
    }),
    asks: fc.uniqueArray(fc.tuple(fc.integer({ min: 50, max: 99 }), fc.integer({ min: 1, max: 90 })), {
      selector: ([price]) => price,
    }),
  })
  .map(({ bids, asks }) => {
    const units = (levels: [number, number][]): [number, number][] =>
      levels.map(([cents, count]) => [cents * 100, count]);
    return bookOf(units(bids), units(asks));
  });

const levelsOf = (view: Parameters<typeof microprice>[0], side: Side) => {
  const out: [number, number][] = [];
  view.forEachLevel(side, (price, count) => void out.push([price, count]));
  return out;
};

describe('views of a book', () => {
  it('NO mirrors YES, and NO of NO is YES', () => {
    fc.assert(
      fc.property(anyBook, (yes) => {
        const no = noBook(yes);
        for (const side of ['bid', 'ask'] as const) {
          expect(levelsOf(noBook(no), side)).toEqual(levelsOf(yes, side));
          expect(no.total(side)).toBe(yes.total(side === 'bid' ? 'ask' : 'bid'));
          for (const [price, count] of levelsOf(no, side))
            expect(no.countAt(side, Price.of(price))).toBe(count);
        }
        expect(no.bestBid() + yes.bestAsk()).toBe(10_000);
        const middle = microprice(yes);
        if (middle !== null) expect(microprice(no)).toBeCloseTo(10_000 - middle);
      }),
    );
  });

  it('a book without our own orders is the book of the others', () => {
    const orders = fc.array(
      fc.record({
        side: fc.constantFrom<Side>('bid', 'ask'),
        cents: fc.integer({ min: 1, max: 99 }),
        contracts: fc.integer({ min: 1, max: 20 }),
      }),
      { maxLength: 8 },
    );
    fc.assert(
      fc.property(anyBook, orders, (others, ours) => {
        const both = new OrderBook(PriceGrid.cent());
        for (const side of ['bid', 'ask'] as const)
          others.forEachLevel(side, (price, count) => void both.change(side, price, count));
        const own: OwnResting[] = ours.map(({ side, cents, contracts }) => ({
          side,
          price: Price.of(cents * 100),
          remaining: Count.of(contracts * 100),
        }));
        for (const { side, price, remaining } of own) both.change(side, price, remaining);
        const view = withoutOwn(both, own);
        for (const side of ['bid', 'ask'] as const) {
          expect(levelsOf(view, side)).toEqual(levelsOf(others, side));
          expect(view.total(side)).toBe(others.total(side));
          const best = side === 'bid' ? others.bestBid() : others.bestAsk();
          expect(bestOfOthers(both, side, own)).toBe(best);
          expect(side === 'bid' ? view.bestBid() : view.bestAsk()).toBe(best);
        }
      }),
    );
  });
});
