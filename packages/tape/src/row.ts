import { WireError } from '@kalshi-mm/core';

/** What a row of a tape says. The numbers are part of the file format. */
export const RowKind = {
  /** A level changed by `count`, signed; trades are already in it. */
  delta: 0,
  /** A public trade: `side` is the taker's, `count` is positive. */
  trade: 1,
  /** A recorded snapshot of this market starts: the book is empty until its `level` rows. */
  clear: 2,
  /** A level of the snapshot that the last `clear` started. */
  level: 3,
  /** A connection started: sequence numbers restart, and the book is unknown until the next `clear`. */
  connected: 4,
  /** Best bid and its size as the ticker channel, or a poll, printed it; price 0 when there is none. */
  tickerBid: 5,
  /** Best ask and its size as the ticker channel, or a poll, printed it; price 10,000 when there is none. */
  tickerAsk: 6,
  /** Price and size of the last trade as the ticker channel printed it. */
  tickerLast: 7,
  /** Traded volume so far, in `count`; `price` is 0. */
  tickerVolume: 8,
  /** Open interest, in `count`; `price` is 0. */
  tickerInterest: 9,
  /** Price of a traded contract in a candle; `flags` names the part, `exchangeMs` is the end of its period. */
  candleTrade: 10,
  /** Best bid in a candle. */
  candleBid: 11,
  /** Best ask in a candle. */
  candleAsk: 12,
  /** Traded in a candle's period, in `count`. */
  candleVolume: 13,
  /** Open interest at a candle's end, in `count`. */
  candleInterest: 14,
  /**
   * Price of an instrument outside the exchange; see `Spot`. `market` counts on from the header's `markets` into its
   * `instruments`.
   */
  spot: 15,
} as const;
export type RowKind = (typeof RowKind)[keyof typeof RowKind];

/** Bits of a row's `flags`, candles aside; five bits are stored. */
export const RowFlag = {
  /** On a delta: a trade of the same exchange millisecond, price and size took this count from the level. */
  causedByTrade: 1,
  /** On a trade: its delta was found, so the book rows already contain it. */
  hasDelta: 2,
  /** On a ticker, level or trade row: the source does not tell the size, and `count` is 0. */
  noSize: 4,
} as const;

/** `flags` of the rows `candleTrade`, `candleBid` and `candleAsk`. */
export const CandlePart = { open: 0, high: 1, low: 2, close: 3, mean: 4 } as const;
export type CandlePart = (typeof CandlePart)[keyof typeof CandlePart];

/** A spot row's price, 1e-6 dollar, split over two columns: `count` holds whole cents, `price` the rest. */
export const Spot = {
  /** @throws WireError when it is not positive or above 21 million dollars */
  split(micros: number, path = 'spot'): { readonly price: number; readonly count: number } {
    const count = Math.floor(micros / 10_000);
    if (!(micros > 0) || (count | 0) !== count) {
      throw new WireError(path, 'a price between 0 and 21 million dollars', micros / 1_000_000);
    }
    return { price: micros - count * 10_000, count };
  },
  /** The price in units of 1e-6 dollar. */
  join: (price: number, count: number): number => count * 10_000 + price,
} as const;

/** One row, as a writer takes it. */
export interface TapeRow {
  /** Receive time, milliseconds since the epoch; fractions only on a tape with a microsecond clock. */
  readonly recvMs: number;
  /** Exchange time in whole milliseconds; NaN when unknown. */
  readonly exchangeMs: number;
  /** Sequence number of the frame within its channel; NaN when it has none. */
  readonly seq: number;
  readonly kind: RowKind;
  /** Index into the header's `markets`; of a spot row, `markets.length` plus the index into its `instruments`. */
  readonly market: number;
  /** 0 bid, 1 ask; for a trade the taker's side. */
  readonly side: 0 | 1;
  readonly flags: number;
  /** YES price in units of 0.0001 dollar. */
  readonly price: number;
  /** Units of 0.01 contract; signed for a delta. */
  readonly count: number;
}

/**
 * Up to 65,536 rows as columns; see `TapeRow` for the units.
 *
 * The arrays are decode buffers that the next block of the same iteration overwrites: copy what must stay.
 */
export interface TapeBlock {
  readonly rows: number;
  readonly firstMs: number;
  readonly recvMs: Float64Array;
  readonly exchangeMs: Float64Array;
  readonly seq: Float64Array;
  readonly kind: Uint8Array;
  readonly market: Uint16Array;
  readonly side: Uint8Array;
  readonly flags: Uint8Array;
  readonly price: Int16Array;
  readonly count: Int32Array;
}

/** One row of a block, as a writer takes it. */
export const rowAt = (block: TapeBlock, i: number): TapeRow => ({
  recvMs: block.recvMs[i]!,
  exchangeMs: block.exchangeMs[i]!,
  seq: block.seq[i]!,
  kind: block.kind[i]! as RowKind,
  market: block.market[i]!,
  side: block.side[i]! as 0 | 1,
  flags: block.flags[i]!,
  price: block.price[i]!,
  count: block.count[i]!,
});

/** Most rows in a block. */
export const BLOCK_ROWS = 65_536;
