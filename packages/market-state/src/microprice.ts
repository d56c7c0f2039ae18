import { type BookView, Price } from '@kalshi-mm/core';

/**
 * The touch, each price weighted by the size on the other side: where the next trade is likelier, in units of $0.0001,
 * not rounded. Null while a side is empty.
 */
export function microprice(book: BookView): number | null {
  const bid = book.bestBid();
  const ask = book.bestAsk();
  if (bid === Price.NO_BID || ask === Price.NO_ASK) return null;
  const bidCount = book.countAt('bid', bid);
  const askCount = book.countAt('ask', ask);
  return (bid * askCount + ask * bidCount) / (bidCount + askCount);
}
