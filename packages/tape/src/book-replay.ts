import type { Market, Price } from '@kalshi-mm/core';
import { OrderBook } from '@kalshi-mm/market-state';
import { RowKind, type TapeBlock } from './row.ts';

/** Order books kept in step with a tape, one per market of its header. */
export interface BookReplay {
  readonly books: readonly OrderBook[];
  /** Rows that the book refused (off the grid, or a level below zero); such a book is not in step any more. */
  readonly misfits: number;
  /** True from a market's recorded snapshot until its connection is lost or a row does not fit. */
  isInStep(market: number): boolean;
  /** Applies one row; rows that are no book rows change nothing. */
  applyRow(block: TapeBlock, row: number): void;
  /** The same for a row that stands in no block; units as in `TapeRow`. */
  applyValues(kind: number, market: number, side: number, price: number, count: number): void;
  /** Applies the rows from `from` up to, not including, `to`. */
  apply(block: TapeBlock, from?: number, to?: number): void;
}

/** @param header a tape's header, or any object with its markets */
export function createBookReplay(header: { readonly markets: readonly Market[] }): BookReplay {
  const books = header.markets.map((market) => new OrderBook(market.grid));
  const inStep = new Uint8Array(books.length);
  let misfits = 0;

  const applyValues = (kind: number, market: number, side: number, price: number, count: number): void => {
    if (kind > RowKind.connected || kind === RowKind.trade) return;
    const book = books[market]!;
    if (kind === RowKind.delta || kind === RowKind.level) {
      if (book.change(side === 0 ? 'bid' : 'ask', price as Price, count) >= 0) return;
      misfits++;
      inStep[market] = 0;
    } else if (kind === RowKind.clear) {
      book.clear();
      inStep[market] = 1;
    } else {
      inStep[market] = 0;
    }
  };
  const applyRow = (block: TapeBlock, row: number): void =>
    applyValues(block.kind[row]!, block.market[row]!, block.side[row]!, block.price[row]!, block.count[row]!);

  return {
    books,
    get misfits() {
      return misfits;
    },
    isInStep: (market) => inStep[market] === 1,
    applyRow,
    applyValues,
    apply(block, from = 0, to = block.rows) {
      for (let row = from; row < to; row++) applyRow(block, row);
    },
  };
}
