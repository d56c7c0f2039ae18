import { type Count, type Price, type Side, Ticker, type Timestamp } from '@kalshi-mm/core';
import { z } from 'zod';
import { count, isoTime, optional, price } from './wire-fields.ts';

/** A public trade: one maker matched. */
export interface Trade {
  readonly tradeId: string;
  readonly ticker: Ticker;
  /** YES price. */
  readonly price: Price;
  readonly count: Count;
  readonly takerSide: Side;
  readonly isBlockTrade: boolean;
  readonly exchangeMs: Timestamp;
}

const wireTrade = z
  .object({
    trade_id: z.string().min(1),
    ticker: z.string().min(1),
    count_fp: count,
    yes_price_dollars: price,
    taker_book_side: z.enum(['bid', 'ask']),
    is_block_trade: optional(z.boolean()),
    created_time: isoTime,
  })
  .transform(
    (wire): Trade => ({
      tradeId: wire.trade_id,
      ticker: Ticker.of(wire.ticker),
      price: wire.yes_price_dollars,
      count: wire.count_fp,
      takerSide: wire.taker_book_side,
      isBlockTrade: wire.is_block_trade ?? false,
      exchangeMs: wire.created_time,
    }),
  );

export const tradesPage = z.object({ trades: z.array(wireTrade), cursor: optional(z.string()) });
