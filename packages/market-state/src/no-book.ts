import { type BookView, Price, Side } from '@kalshi-mm/core';

/**
 * The same book seen from NO: an ask for YES at p is a bid for NO at 1 − p. A live view, not a copy. With it, whatever
 * reads a book reads either outcome.
 */
export function noBook(book: BookView): BookView {
  return {
    bestBid: () => Price.complement(book.bestAsk()),
    bestAsk: () => Price.complement(book.bestBid()),
    countAt: (side, price) => book.countAt(Side.opposite(side), Price.complement(price)),
    forEachLevel(side, visit) {
      book.forEachLevel(Side.opposite(side), (price, count) => visit(Price.complement(price), count));
    },
    total: (side) => book.total(Side.opposite(side)),
  };
}
