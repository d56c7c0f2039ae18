import { type MarketView, Price } from '@kalshi-mm/core';
import { bookDepth } from '@kalshi-mm/market-state';
import type { SampleWindow } from './sample-window.ts';

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
