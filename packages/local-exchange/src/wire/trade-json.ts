import { Count, Price } from '@kalshi-mm/core';
import type { PublicTrade } from '@kalshi-mm/simulator';

/** What REST and WebSocket share of a public trade. */
export function tradeJson(trade: PublicTrade) {
  const outcome = trade.takerSide === 'bid' ? 'yes' : 'no';
  return {
    trade_id: trade.tradeId,
    count_fp: Count.format(trade.count),
    yes_price_dollars: Price.format(trade.price),
    no_price_dollars: Price.format(Price.complement(trade.price)),
    taker_outcome_side: outcome,
    taker_book_side: trade.takerSide,
    taker_side: outcome,
    is_block_trade: false,
  };
}
