import { type BookView, Count, Price, type Side } from '@kalshi-mm/core';

/**
 * Depth of the best `levels` levels of one side, in contracts, and how many levels there were (at most `levels`).
 * Reads the book as it is: our own orders are in it.
 */
export function bookDepth(
  book: BookView,
  side: Side,
  levels: number,
): { readonly levels: number; readonly contracts: number } {
  let seen = 0;
  let units = 0;
  book.forEachLevel(side, (_price, count) => {
    seen += 1;
    units += count;
    return seen < levels;
  });
  return { levels: seen, contracts: units / 100 };
}

/** Count within `distance` (units of $0.0001) of the best price of the side, that price included. */
export function depthWithin(book: BookView, side: Side, distance: number): Count {
  const best = side === 'bid' ? book.bestBid() : book.bestAsk();
  if (best === (side === 'bid' ? Price.NO_BID : Price.NO_ASK)) return Count.ZERO;
  let sum = 0;
  book.forEachLevel(side, (price, count) => {
    if (Math.abs(price - best) > distance) return false;
    sum += count;
    return true;
  });
  return Count.of(sum);
}
