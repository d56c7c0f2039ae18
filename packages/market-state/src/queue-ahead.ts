import { type BookView, Count, type Event, type Price, Side, type Ticker } from '@kalshi-mm/core';

/** How much matches before an order of ours: certainly not less than `least`, not more than `most`. */
export interface QueueAhead {
  readonly least: Count;
  readonly most: Count;
}

interface Place {
  readonly ticker: Ticker;
  readonly side: Side;
  readonly price: Price;
  remaining: number;
  least: number;
  /** What was ahead at first, less the trades since. */
  untraded: number;
  /** The smallest rest of the level without ours so far. */
  room: number;
}

/**
 * The place of our orders in their queues. A public book does not say who canceled: `least` takes every fall of the
 * level to have been ahead; `most` takes trades alone, but never more than is left of the level.
 */
export class QueuePlaces {
  readonly #places = new Map<string, Place>();

  /** An order of ours begins to rest, behind all that rests there. `book` does not hold it yet. */
  join(id: string, ticker: Ticker, side: Side, price: Price, remaining: Count, book: BookView): void {
    const ahead = book.countAt(side, price);
    this.#places.set(id, { ticker, side, price, remaining, least: ahead, untraded: ahead, room: ahead });
  }

  /** It was filled in part: everything ahead is gone. */
  fill(id: string, count: Count): void {
    const place = this.#places.get(id);
    if (place === undefined) return;
    place.remaining -= count;
    place.least = 0;
    place.untraded = 0;
    if (place.remaining <= 0) this.#places.delete(id);
  }

  leave(id: string): void {
    this.#places.delete(id);
  }

  ahead(id: string): QueueAhead | null {
    const place = this.#places.get(id);
    if (place === undefined) return null;
    const most = Math.min(place.untraded, place.room);
    return { least: Count.of(Math.min(place.least, most)), most: Count.of(most) };
  }

  /** @param book of the event's market, after the event, our orders in it */
  absorb(event: Event, book: BookView): void {
    for (const place of this.#places.values()) {
      if (!('ticker' in event) || event.ticker !== place.ticker) continue;
      if (event.type === 'trade.printed') {
        const here = event.price === place.price && event.takerSide === Side.opposite(place.side);
        if (here) place.untraded = Math.max(0, place.untraded - event.count);
      } else if (event.type === 'book.changed') {
        const here = event.price === place.price && event.side === place.side;
        if (here && event.delta < 0) place.least = Math.max(0, place.least + event.delta);
      } else if (event.type !== 'book.replaced') continue;
      // A replaced book tells only what is left.
      const left = Math.max(0, book.countAt(place.side, place.price) - place.remaining);
      place.room = Math.min(place.room, left);
      if (event.type === 'book.replaced') place.least = 0;
    }
  }
}
