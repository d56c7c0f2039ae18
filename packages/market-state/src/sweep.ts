import { type BookView, Count, Money, type Price, Side } from '@kalshi-mm/core';

/** What an order that takes at once would get, before fees. */
export interface Sweep {
  /** At most what was asked for. */
  readonly filled: Count;
  /** Price × count over all levels, in YES prices. */
  readonly notional: Money;
  /** The worst price taken; null when nothing is there. */
  readonly worst: Price | null;
  /** Volume-weighted average price in units of $0.0001, not rounded; null when nothing is there. */
  readonly average: number | null;
}

/** Walks the book from its best price until `count` is filled. `side` is that of the order: a bid takes asks. */
export function sweep(book: BookView, side: Side, count: Count): Sweep {
  let left: number = count;
  let notional = 0;
  let worst: Price | null = null;
  book.forEachLevel(Side.opposite(side), (price, resting) => {
    if (left === 0) return false;
    const taken = Math.min(left, resting);
    left -= taken;
    notional += price * taken;
    worst = price;
    return left > 0;
  });
  const filled = Count.of(count - left);
  return {
    filled,
    notional: Money.of(notional),
    worst,
    average: filled === 0 ? null : notional / filled,
  };
}
