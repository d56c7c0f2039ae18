import { type BookView, Count, Price, type Side } from '@kalshi-mm/core';

/** An order of ours that is in the book. */
export interface OwnResting {
  readonly side: Side;
  readonly price: Price;
  readonly remaining: Count;
}

/** The best price at which somebody else rests. */
export function bestOfOthers(book: BookView, side: Side, own: readonly OwnResting[]): Price {
  const top = side === 'bid' ? book.bestBid() : book.bestAsk();
  if (own.length === 0 || book.countAt(side, top) > ownAt(own, side, top)) return top;
  let best: Price = side === 'bid' ? Price.NO_BID : Price.NO_ASK;
  book.forEachLevel(side, (price, count) => {
    if (count <= ownAt(own, side, price)) return true;
    best = price;
    return false;
  });
  return best;
}

/** The book without our own orders: a live view over the book and the list. */
export function withoutOwn(book: BookView, own: readonly OwnResting[]): BookView {
  const others = (side: Side, price: Price, count: number): Count =>
    Count.of(Math.max(0, count - ownAt(own, side, price)));
  const view: BookView = {
    bestBid: () => bestOfOthers(book, 'bid', own),
    bestAsk: () => bestOfOthers(book, 'ask', own),
    countAt: (side, price) => others(side, price, book.countAt(side, price)),
    forEachLevel(side, visit) {
      book.forEachLevel(side, (price, count) => {
        const left = others(side, price, count);
        return left === 0 ? true : visit(price, left);
      });
    },
    total(side) {
      let sum = 0;
      view.forEachLevel(side, (_price, count) => {
        sum += count;
        return true;
      });
      return Count.of(sum);
    },
  };
  return view;
}

function ownAt(own: readonly OwnResting[], side: Side, price: Price): number {
  let sum = 0;
  for (const order of own) if (order.side === side && order.price === price) sum += order.remaining;
  return sum;
}
