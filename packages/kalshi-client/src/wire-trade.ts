import { type Count, type Price, type Side, Ticker, type Timestamp } from '@kalshi-mm/core';
import * as z from 'zod';
import { count, cursor, flag, id, isoTime, optional, outcome, price, side, wire } from './wire-fields.ts';

/** A public trade of `GET /markets/trades`: one maker matched. */
export const wireTrade = wire({
  trade_id: id,
  ticker: id,
  count_fp: count,
  yes_price_dollars: price,
  no_price_dollars: price,
  taker_outcome_side: optional(outcome),
  taker_book_side: side,
  is_block_trade: optional(flag),
  created_time: isoTime,
});

export type WireTrade = z.output<typeof wireTrade>;

export const tradesPage = wire({ trades: z.array(wireTrade), cursor });

export type TradesPage = z.output<typeof tradesPage>;

/** A public trade in the toolkit's own form. */
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

export function toTrade(trade: WireTrade): Trade {
  return {
    tradeId: trade.trade_id,
    ticker: Ticker.of(trade.ticker),
    price: trade.yes_price_dollars,
    count: trade.count_fp,
    takerSide: trade.taker_book_side,
    isBlockTrade: trade.is_block_trade ?? false,
    exchangeMs: trade.created_time,
  };
}
