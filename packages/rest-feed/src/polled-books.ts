import type { BookReplaced, Price, Ticker, Timestamp } from '@kalshi-mm/core';
import type { PolledBook } from './rest-reads.ts';

type Levels = PolledBook['book'];

/** The books as they were last told: only a book that differs is told again. */
export class PolledBooks {
  readonly #told = new Map<Ticker, Levels>();

  get size(): number {
    return this.#told.size;
  }

  has(ticker: Ticker): boolean {
    return this.#told.has(ticker);
  }

  forget(ticker: Ticker): void {
    this.#told.delete(ticker);
  }

  forgetAll(): void {
    this.#told.clear();
  }

  /** @returns those whose books are not known any more */
  keepOnly(wanted: ReadonlySet<Ticker>): Ticker[] {
    const leaving = [...this.#told.keys()].filter((ticker) => !wanted.has(ticker));
    for (const ticker of leaving) this.#told.delete(ticker);
    return leaving;
  }

  touch(ticker: Ticker): { readonly bid: Price | undefined; readonly ask: Price | undefined } | null {
    const book = this.#told.get(ticker);
    return book === undefined ? null : { bid: book.bids[0]?.price, ask: book.asks[0]?.price };
  }

  /** @returns null when nothing has changed */
  see(ticker: Ticker, book: Levels, atMs: Timestamp): BookReplaced | null {
    const before = this.#told.get(ticker);
    if (before !== undefined && sameLevels(before.bids, book.bids) && sameLevels(before.asks, book.asks)) {
      return null;
    }
    this.#told.set(ticker, book);
    return { type: 'book.replaced', ticker, bids: book.bids, asks: book.asks, atMs };
  }
}

function sameLevels(a: Levels['bids'], b: Levels['bids']): boolean {
  return (
    a.length === b.length && a.every((level, i) => level.price === b[i]!.price && level.count === b[i]!.count)
  );
}
