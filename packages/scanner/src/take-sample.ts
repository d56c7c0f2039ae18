import { type BookView, type MarketView, Price, type Side } from '@kalshi-mm/core';
import type { SampleWindow } from './sample-window.ts';

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

/**
 * Adds the market's present mid and spread (without our own orders) and depth to the window.
 *
 * @returns false, leaving the window as it was, when the book is untrusted, one-sided, crossed, or has fewer than
 * `minLevels` levels on a side: no price is better than a wrong one
 */
export function takeSample(
  window: SampleWindow,
  market: MarketView,
  nowMs: number,
  limits: { readonly depthLevels: number; readonly minLevels: number },
): boolean {
  const { bestBid, bestAsk, book } = market;
  if (!market.bookTrusted || bestBid === Price.NO_BID || bestAsk === Price.NO_ASK) return false;
  if (bestBid >= bestAsk) return false;
  const levels = Math.max(limits.depthLevels, limits.minLevels);
  const bids = bookDepth(book, 'bid', levels);
  const asks = bookDepth(book, 'ask', levels);
  if (bids.levels < limits.minLevels || asks.levels < limits.minLevels) return false;
  const spreadCents = (bestAsk - bestBid) / 100;
  window.push(nowMs, (bestBid + bestAsk) / 200, spreadCents, bids.contracts + asks.contracts);
  return true;
}
