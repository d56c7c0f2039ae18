import { Count, type Market, Money, Side } from '@kalshi-mm/core';
import type { ExchangeFill, ExchangeSettlement } from '@kalshi-mm/simulator';
import { isoTime } from './iso-time.ts';

/** One row of `GET /portfolio/settlements`; costs and fees are summed from the account's fills in the market. */
export function settlementJson(
  settlement: ExchangeSettlement,
  market: Market | null,
  fills: readonly ExchangeFill[],
) {
  const { position } = settlement;
  return {
    ticker: settlement.ticker,
    exchange_index: market?.exchangeIndex ?? 0,
    event_ticker: market?.eventTicker ?? '',
    market_result: settlement.result,
    yes_count_fp: Count.format(Math.max(0, position)),
    yes_total_cost_dollars: Money.format(spent(fills, 'bid')),
    no_count_fp: Count.format(Math.max(0, -position)),
    no_total_cost_dollars: Money.format(spent(fills, 'ask')),
    revenue: Math.floor(settlement.revenue / Money.CENT),
    settled_time: isoTime(settlement.atMs),
    fee_cost: Money.format(fills.reduce((sum, fill) => Money.add(sum, fill.fee), Money.ZERO)),
    value: Math.floor(settlement.settlementPrice / 100),
  };
}

/** What the fills of one direction cost: a bid pays p, an ask pays 1 − p. */
function spent(fills: readonly ExchangeFill[], side: Side): Money {
  let total: Money = Money.ZERO;
  for (const fill of fills) {
    if (fill.side === side) {
      total = Money.add(total, Money.notional(Side.cost(side, fill.price), fill.count));
    }
  }
  return total;
}
