import { Count, Money } from '@kalshi-mm/core';
import { type ExchangeFill, Subaccount } from '@kalshi-mm/simulator';
import { directionJson } from './direction-json.ts';
import { isoTime, unixSeconds } from './iso-time.ts';

/** A fill as `GET /portfolio/fills` shows it; `fill_id` and `ticker` also under their old names. */
export function fillJson(fill: ExchangeFill, exchangeIndex: number) {
  return {
    fill_id: fill.fillId,
    trade_id: fill.fillId,
    exchange_index: exchangeIndex,
    order_id: fill.orderId,
    ticker: fill.ticker,
    market_ticker: fill.ticker,
    ...directionJson(fill.side, fill.price),
    count_fp: Count.format(fill.count),
    is_taker: fill.role === 'taker',
    fee_cost: Money.format(fill.fee),
    created_time: isoTime(fill.atMs),
    ts: unixSeconds(fill.atMs),
    subaccount_number: Subaccount.numberOf(fill.userId),
  };
}
