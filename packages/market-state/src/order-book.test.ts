import { Price, PriceGrid, type Side } from '@kalshi-mm/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OrderBook } from './index.ts';

const grids = [PriceGrid.cent(), PriceGrid.finest()];

/** The plainest possible book, to compare with. */
class ReferenceBook {
  readonly levels = { bid: new Map<number, number>(), ask: new Map<number, number>() };

  change(side: Side, price: number, delta: number): boolean {
    const next = (this.levels[side].get(price) ?? 0) + delta;
    if (next < 0) return false;
    if (next === 0) this.levels[side].delete(price);
    else this.levels[side].set(price, next);
    return true;
  }

  sorted(side: Side): [number, number][] {
    return [...this.levels[side]].sort((a, b) => (side === 'bid' ? b[0] - a[0] : a[0] - b[0]));
  }
}

describe('OrderBook', () => {
  it('equals a plain map under any sequence of deltas', () => {
    const delta = fc.record({
      side: fc.constantFrom<Side>('bid', 'ask'),
      index: fc.nat(),
      delta: fc.integer({ min: -300, max: 300 }),
    });
    fc.assert(
      fc.property(fc.constantFrom(...grids), fc.array(delta, { maxLength: 300 }), (grid, deltas) => {
        const book = new OrderBook(grid);
        const reference = new ReferenceBook();
        for (const each of deltas) {
          const price = grid.prices[each.index % Math.min(grid.size, 40)]! as Price;
          const ok = reference.change(each.side, price, each.delta);
          expect(book.change(each.side, price, each.delta) >= 0).toBe(ok);
          expect(book.bestBid()).toBe(reference.sorted('bid')[0]?.[0] ?? Price.NO_BID);
          expect(book.bestAsk()).toBe(reference.sorted('ask')[0]?.[0] ?? Price.NO_ASK);
        }
        for (const side of ['bid', 'ask'] as const) {
          const seen: [number, number][] = [];
          book.forEachLevel(side, (p, c) => void seen.push([p, c]));
          expect(seen).toEqual(reference.sorted(side));
          expect(book.total(side)).toBe(seen.reduce((sum, [, c]) => sum + c, 0));
        }
      }),
    );
  });

  it('refuses what cannot belong to it and stays as it was', () => {
    const book = new OrderBook(PriceGrid.cent());
    expect(book.change('bid', Price.of(5_000), 100)).toBe(100);
    expect(book.change('bid', Price.of(5_000), -101)).toBe(-1);
    expect(book.change('bid', Price.of(5_001), 100)).toBe(-1);
    expect(book.change('bid', 20_000 as Price, 100)).toBe(-1);
    expect(book.change('bid', Price.of(5_000), 0x7fffffff)).toBe(-1);
    expect(book.countAt('bid', Price.of(5_000))).toBe(100);
    expect(book.countAt('bid', Price.of(5_001))).toBe(0);
  });

  it('moves to a finer grid with its levels, and names those that do not fit a coarser one', () => {
    const book = new OrderBook(PriceGrid.cent());
    book.replace(
      [{ price: Price.of(4_900), count: 100 as never }],
      [{ price: Price.of(5_100), count: 200 as never }],
    );
    expect(book.regrid(PriceGrid.finest())).toEqual([]);
    expect([book.bestBid(), book.bestAsk()]).toEqual([4_900, 5_100]);
    book.change('bid', Price.of(4_950), 300);
    expect(book.regrid(PriceGrid.cent())).toEqual([{ side: 'bid', price: 4_950, count: 300 }]);
    expect(book.bestBid()).toBe(4_900);
  });

  it('is empty after a snapshot that does not fit', () => {
    const book = new OrderBook(PriceGrid.cent());
    expect(() => book.replace([{ price: Price.of(4_950), count: 100 as never }], [])).toThrow(/grid/);
    expect(book.bestBid()).toBe(Price.NO_BID);
  });
});
