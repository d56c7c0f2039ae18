import type { BookView } from '@kalshi-mm/core';
import { bookDepth } from './book-depth.ts';

/** (bids − asks) ÷ (bids + asks) over the best `levels` levels: −1 … 1; null when both sides are empty. */
export function imbalance(book: BookView, levels: number): number | null {
  const bids = bookDepth(book, 'bid', levels).contracts;
  const asks = bookDepth(book, 'ask', levels).contracts;
  return bids + asks === 0 ? null : (bids - asks) / (bids + asks);
}
